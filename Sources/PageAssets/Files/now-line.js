// Brings the present hour, and the day that is shown, into view where they are wider than the screen.
for (const chosen of document.querySelectorAll("table.day th.is-now, table.matrix th:has([aria-current])")) {
  const region = chosen.closest(".scroll");
  const names = region.querySelector("th").offsetWidth;
  if (region.scrollWidth > region.clientWidth) {
    region.scrollLeft = chosen.offsetLeft - names - (region.clientWidth - names) / 3;
  }
}
