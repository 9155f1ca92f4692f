// Lets people see what they type into a password field.
for (const field of document.querySelectorAll('input[type="password"]')) {
  // Beside the label, not in it: a label names one control.
  const label = field.closest("label");
  const frame = document.createElement("div");
  frame.className = "with-toggle";
  label.before(frame);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show";
  button.setAttribute("aria-label", "Show the password");
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
  });
  frame.append(label, button);
  field.form.addEventListener("submit", () => { field.type = "password"; });
}
