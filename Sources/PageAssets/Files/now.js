// Shows the board as it changes; without scripts the page stands as it was when it was loaded.
const wall = document.querySelector("[data-stream]");
const lost = document.querySelector(".lost");
if (wall && "EventSource" in window) {
  const source = new EventSource(wall.dataset.stream);
  source.addEventListener("board", (event) => {
    wall.innerHTML = event.data;
    lost.textContent = "";
  });
  source.addEventListener("error", () => {
    lost.textContent = "The connection is lost, and what you see may be old. Trying again.";
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 15000);
  });
  source.addEventListener("open", () => { lost.textContent = ""; });
}
