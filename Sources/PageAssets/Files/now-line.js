// Brings the present hour, and the day that is shown, into view where they are wider than the screen, and draws the
// present moment into the day. The hour is marked without scripts, too.
const loaded = performance.now();

const scrollTo = (cell) => {
  const region = cell.closest(".scroll");
  const names = region.querySelector("th").offsetWidth;
  if (region.scrollWidth > region.clientWidth) {
    region.scrollLeft = cell.offsetLeft - names - (region.clientWidth - names) / 3;
  }
};

const look = () => {
  for (const chosen of document.querySelectorAll("table.day th.is-now, table.matrix th:has([aria-current])")) scrollTo(chosen);
  // On other days begin when more than one queue, such as that of the nights, has people.
  const queues = [...document.querySelectorAll("table.day:not(:has(th.is-now)) tbody")];
  const cells = queues.map((queue) => [...queue.querySelectorAll("td:has(.shift)")]
    .sort((one, other) => one.offsetLeft - other.offsetLeft)[0]).filter(Boolean);
  cells.sort((one, other) => one.offsetLeft - other.offsetLeft);
  if (cells.length) scrollTo(cells[Math.min(1, cells.length - 1)]);
};

// By the server's clock when the page was made, and the time that has passed since.
const draw = () => {
  const table = document.querySelector("table.day[data-now]");
  const columns = [...(table?.querySelectorAll("thead th[colspan]") ?? [])];
  let line = document.querySelector(".now-line");
  if (!columns.length) return;
  const minutes = Number(table.dataset.now) + (performance.now() - Number(table.dataset.since ?? loaded)) / 60000;
  const all = columns.reduce((sum, column) => sum + column.colSpan, 0) * Number(table.dataset.slot);
  if (!line) {
    line = document.createElement("div");
    line.className = "now-line";
    line.setAttribute("aria-hidden", "true");
    table.parentElement.append(line);
  }
  const last = columns[columns.length - 1];
  const width = last.offsetLeft + last.offsetWidth - columns[0].offsetLeft;
  line.hidden = minutes > all;
  line.style.left = `${table.offsetLeft + columns[0].offsetLeft + minutes / all * width}px`;
  line.style.top = `${table.offsetTop + columns[0].offsetTop + columns[0].offsetHeight}px`;
  line.style.height = `${table.offsetHeight - columns[0].offsetTop - columns[0].offsetHeight}px`;
};

look();
draw();
setInterval(draw, 30000);
addEventListener("resize", draw);
document.addEventListener("week:shown", () => {
  for (const table of document.querySelectorAll("table.day[data-now]")) table.dataset.since = performance.now();
  draw();
});
