// Brings the present hour into view on narrow screens.
const present = document.querySelector("table.day th.is-now");
if (present) {
  const region = present.closest(".scroll");
  if (region && region.scrollWidth > region.clientWidth) {
    region.scrollLeft = present.offsetLeft - region.clientWidth / 2;
  }
}
