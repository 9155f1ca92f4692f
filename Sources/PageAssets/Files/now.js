// Shows the board as it changes; without scripts the page stands as it was when it was loaded.
const wall = document.querySelector("[data-stream]");
const lost = document.querySelector(".lost");
// The service ends a stream after some minutes, and the browser asks anew in two seconds: that is no loss.
const patience = 5000;
let isLost;

const found = () => {
  clearTimeout(isLost);
  isLost = undefined;
  lost.textContent = "";
};

// Whoever was signed out comes to the page for it; while there is no answer what was known last stays.
const reload = async () => {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) location.reload();
  else setTimeout(reload, 10000);
};

if (wall && "EventSource" in window) {
  const source = new EventSource(wall.dataset.stream);
  source.addEventListener("board", (event) => {
    wall.innerHTML = event.data;
    found();
  });
  source.addEventListener("open", found);
  source.addEventListener("error", () => {
    isLost ??= setTimeout(() => {
      lost.textContent = "The connection is lost, and what you see may be old. Trying again.";
    }, patience);
    // The browser does not ask again where the answer was no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(reload, 10000);
  });
}
