// Shows the week anew when somebody changes it. Without scripts it stands as it was when it was loaded.
const parser = new DOMParser();

// Puts the main part of a page in the place of ours, and leaves what is looked at where it is.
export const show = (html, address) => {
  const page = parser.parseFromString(html, "text/html");
  const main = document.querySelector("main");
  const fresh = page.querySelector("main");
  if (!fresh) return false;
  const regions = [...main.querySelectorAll(".scroll")].map((region) => [region.scrollLeft, region.scrollTop]);
  const focused = document.activeElement?.closest("main a[href]")?.getAttribute("href");
  const opened = [...main.querySelectorAll("details")].map((details) => details.open);
  main.replaceChildren(...fresh.childNodes);
  main.querySelectorAll(".scroll").forEach((region, index) => {
    if (regions[index]) [region.scrollLeft, region.scrollTop] = regions[index];
  });
  main.querySelectorAll("details").forEach((details, index) => { if (opened[index]) details.open = true; });
  if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  document.title = page.title;
  document.dispatchEvent(new Event("week:shown"));
  if (address) history.replaceState(null, "", address);
  follow();
  return true;
};

// While somebody moves a shift, or their change is under way, the week waits for them.
let isHeld = false;
let isWaiting = false;
export const hold = (held) => {
  isHeld = held;
  if (!held && isWaiting) refresh("");
};

// What was just shown is as new as anything that was waited for.
export const settle = () => {
  isWaiting = false;
  hold(false);
};

const say = (words) => {
  const line = document.querySelector(".live");
  if (line) line.textContent = words;
};

const refresh = async (words) => {
  if (isHeld) {
    isWaiting = true;
    say(`${words || "The week has changed"}. It is shown when you are done.`);
    return;
  }
  isWaiting = false;
  const address = location.href;
  const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => undefined);
  if (!answer?.ok || new URL(answer.url).pathname !== location.pathname) return;
  const html = await answer.text();
  // Meanwhile something else was shown, or somebody took hold of a shift.
  if (address !== location.href) return;
  if (isHeld) isWaiting = true;
  else if (show(html)) say(words);
};

let source;
let followed;
let version;
const follow = () => {
  const line = document.querySelector("[data-week-stream]");
  if (!line || !("EventSource" in window) || line.dataset.weekStream === followed) return;
  source?.close();
  followed = line.dataset.weekStream;
  version = undefined;
  source = new EventSource(followed);
  source.addEventListener("standing", (event) => {
    // After a pause in the connection something may have happened that nobody told of.
    const isNew = version !== undefined && version !== event.lastEventId;
    version = event.lastEventId;
    if (isNew) refresh("");
  });
  source.addEventListener("changed", (event) => {
    version = event.lastEventId;
    const shown = document.querySelector("[data-week-stream]")?.dataset.version;
    // What is shown already, such as one's own change, is not told once more.
    if (version === shown) return;
    refresh(version.split(" ")[0] === shown?.split(" ")[0] ? "" : event.data);
  });
};
follow();
