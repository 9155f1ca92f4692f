// Shows a search as it goes; without scripts the page stands as it was when it was loaded, with a link to look again.
const search = document.querySelector("[data-stream]");
const lost = document.querySelector(".lost");
// The service ends a stream after some minutes, and the browser asks anew in two seconds: that is no loss.
const patience = 5000;
let isLost;

const found = () => {
  clearTimeout(isLost);
  isLost = undefined;
  lost.textContent = "";
};

if (search && "EventSource" in window) {
  document.documentElement.classList.add("is-live");
  const source = new EventSource(search.dataset.stream);
  source.addEventListener("board", (event) => {
    search.innerHTML = event.data;
    found();
  });
  // What came of it is on the page as the service makes it now.
  source.addEventListener("over", () => {
    source.close();
    location.reload();
  });
  source.addEventListener("open", found);
  source.addEventListener("error", () => {
    isLost ??= setTimeout(() => {
      lost.textContent = "The connection is lost, and what you see may be old. Trying again.";
    }, patience);
    // The browser does not ask again where the answer was no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 10000);
  });
}
