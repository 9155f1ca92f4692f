// Moves shifts with the pointer and the keyboard, and tells at once what it would cost. The links that shifts are, and
// the page that they lead to, do the same without scripts.
import { hold, settle, show } from "./week-live.js";

const parser = new DOMParser();
const token = () => document.querySelector("meta[name=form-token]")?.content ?? "";
const read = async (answer) => parser.parseFromString(await answer.text(), "text/html");
const get = (address, signal) => fetch(address, { headers: { Accept: "text/html" }, signal });

// MARK: The panel

const dialog = document.createElement("dialog");
dialog.className = "shift-dialog";
dialog.addEventListener("close", () => hold(false));
document.body.append(dialog);

const fill = (page) => {
  const panel = page.querySelector("#shift-panel");
  if (!panel) return false;
  const head = document.createElement("div");
  head.className = "dialog-head";
  const heading = document.createElement("h2");
  heading.id = "dialog-heading";
  heading.textContent = `${page.querySelector("h1")?.textContent}, ${page.querySelector(".kicker")?.textContent}`;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  head.append(heading, close);
  dialog.replaceChildren(head, panel);
  dialog.setAttribute("aria-labelledby", heading.id);
  if (!dialog.open) { hold(true); dialog.showModal(); }
  (dialog.querySelector("[role=alert], .act [name=reason], .act button, select") ?? close).focus?.();
  return true;
};

const open = async (address) => {
  const answer = await get(address).catch(() => undefined);
  if (!answer || !fill(await read(answer))) location.assign(address);
};

// Sends a change; the week that comes back is shown, and what stands against it is said in the panel.
const send = async (address, fields, shift) => {
  const body = new URLSearchParams(fields);
  const headers = { Accept: "text/html", "X-Form-Token": token() };
  if (shift) headers["If-Match"] = `"${shift}"`;
  hold(true);
  const answer = await fetch(address, { method: "POST", body, headers }).catch(() => undefined);
  if (!answer) { location.assign(location.href); return; }
  if (answer.redirected && new URL(answer.url).pathname === "/week") {
    dialog.close();
    const hash = location.hash;
    show(await answer.text(), answer.url.split("#")[0] + hash);
    settle();
    document.querySelector(".made")?.scrollIntoView({ block: "nearest" });
    // Whoever moved it with the keyboard goes on from where it is now.
    const [person] = (shift ?? "").split("~");
    const [queue, start, end] = [fields.get?.("queue"), fields.get?.("start"), fields.get?.("end")];
    const moved = `${person}~${queue}~${start}~${end - start}`;
    if (person) document.querySelector(`a.shift[href*="${CSS.escape(moved)}"], a.shift[href*="${CSS.escape(encodeURIComponent(moved))}"]`)?.focus({ preventScroll: true });
    return;
  }
  const page = await read(answer);
  if (fill(page)) return;
  document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  settle();
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isPost = form.method === "post";
  const path = new URL(form.action).pathname;
  if (dialog.contains(form)) {
    event.preventDefault();
    const data = new FormData(form);
    if (isPost) send(form.action, data, data.get("shift"));
    else open(`${path}?${new URLSearchParams(data)}`);
  } else if (isPost && /^\/week\/edits\/\d+\/undo$/.test(path)) {
    event.preventDefault();
    send(form.action, new FormData(form));
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/week/shift']");
  // The page of a shift by itself leads on like any other.
  if (!link || !document.querySelector("table.day") || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (wasDragged) { wasDragged = false; return; }
  open(link.getAttribute("href"));
});

// MARK: A move

let move;
let wasDragged = false;
const bubble = document.createElement("div");
bubble.className = "bubble";
bubble.setAttribute("role", "status");
bubble.hidden = true;
document.body.append(bubble);

const begin = (link) => {
  const table = link.closest("table.day");
  const cell = link.closest("td");
  const address = new URL(link.href);
  const [, queue, start, length] = address.searchParams.get("shift").split("~");
  const columns = [...cell.parentElement.cells].filter((one) => one.tagName === "TD");
  const width = cell.getBoundingClientRect().width / cell.colSpan;
  hold(true);
  link.classList.add("is-moving");
  return {
    link, table, address, width: width || columns[0].getBoundingClientRect().width, slot: Number(table.dataset.slot),
    queue, start: Number(start), end: Number(start) + Number(length), from: { queue, start: Number(start), end: Number(start) + Number(length) },
    left: 0, top: 0,
  };
};

const wish = () => {
  const address = new URL(move.address);
  address.searchParams.set("queue", move.queue);
  address.searchParams.set("start", move.start);
  address.searchParams.set("end", move.end);
  return address.pathname + address.search;
};

const isMoved = () => move.queue !== move.from.queue || move.start !== move.from.start || move.end !== move.from.end;

const end = () => {
  if (!move) return;
  clearTimeout(move.timer);
  move.request?.abort();
  move.link.classList.remove("is-moving");
  move.link.style.transform = "";
  move.link.style.width = "";
  document.querySelectorAll("tbody.is-target").forEach((body) => body.classList.remove("is-target"));
  bubble.hidden = true;
  const link = move.link;
  move = undefined;
  if (!dialog.open) hold(false);
  return link;
};

const clock = (minutes) => {
  const heading = move.table.dataset;
  const first = Number(heading.first);
  const texts = [...move.table.querySelectorAll("thead th[colspan]")].flatMap((th) =>
    Array.from({ length: th.colSpan }, (_, part) => `${th.textContent.trim()}:${String(part * move.slot).padStart(2, "0")}`));
  return texts[(minutes - first) / move.slot] ?? "24:00";
};

const place = () => {
  const body = move.table.querySelector(`tbody[data-queue="${CSS.escape(move.queue)}"]`);
  document.querySelectorAll("tbody.is-target").forEach((one) => one.classList.toggle("is-target", one === body));
  body?.classList.add("is-target");
  const box = move.link.getBoundingClientRect();
  bubble.hidden = false;
  bubble.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 400))}px`;
  bubble.style.top = `${Math.min(box.bottom + 8, innerHeight - 110)}px`;
};

const tell = (verdict, style) => {
  const name = move.table.querySelector(`tbody[data-queue="${CSS.escape(move.queue)}"] th`)?.firstChild.textContent.trim();
  const head = document.createElement("b");
  head.textContent = `${name} ${clock(move.start)}–${clock(move.end)}`;
  bubble.replaceChildren(head, verdict);
  bubble.className = `bubble ${style}`;
};

// Asks what the move would cost, once it rests for a moment.
const weigh = () => {
  clearTimeout(move.timer);
  move.request?.abort();
  move.effect = undefined;
  place();
  if (!isMoved()) { tell("as it is", ""); return; }
  tell("…", "");
  const mine = move;
  move.timer = setTimeout(async () => {
    mine.request = new AbortController();
    mine.asked = get(wish(), mine.request.signal).then(read).catch(() => undefined);
    const page = await mine.asked;
    if (move !== mine || !page) return;
    const effect = page.querySelector("#effect");
    move.effect = page;
    const style = ["is-green", "is-yellow", "is-red"].find((one) => effect?.classList.contains(one)) ?? "is-red";
    const rules = [...page.querySelectorAll("#effect .is-red strong, #effect .is-yellow strong")].map((one) => one.textContent);
    const words = effect?.querySelector(".verdict").textContent ?? page.querySelector("[role=alert]")?.textContent ?? "";
    tell(rules.length ? `${words}: ${[...new Set(rules)].join(", ")}` : words, style);
  }, 120);
};

// Green is done; yellow and red open the panel, which asks for a reason or says what stands against it.
const drop = async () => {
  if (!isMoved()) { end()?.focus(); return; }
  const address = wish();
  const page = move.effect ?? await get(address).then(read).catch(() => undefined);
  const shift = move?.address.searchParams.get("shift");
  end();
  if (!page) { location.assign(address); return; }
  const form = page.querySelector("#effect.is-green") ? page.querySelector("form.act") : undefined;
  if (form) await send("/week/shift", new FormData(form), shift);
  else fill(page);
};

// MARK: The pointer

let press;
let held;

const grab = () => {
  move = begin(press.link);
  press.scrolled = press.link.closest(".scroll").scrollLeft;
  wasDragged = true;
};

document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest?.("table.day a.shift");
  if (!link || event.button || !event.isPrimary) return;
  wasDragged = false;
  press = { link, x: event.clientX, y: event.clientY, id: event.pointerId, isTouch: event.pointerType === "touch" };
  // A finger scrolls, and taps a shift to open its panel; it moves one that it has held for a moment.
  if (press.isTouch) held = setTimeout(() => { grab(); weigh(); navigator.vibrate?.(15); }, 450);
});

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("table.day a.shift")) event.preventDefault();
});

document.addEventListener("contextmenu", (event) => {
  if (press?.isTouch && event.target.closest?.("table.day a.shift")) event.preventDefault();
});

// Only here can a finger's scrolling be kept from beginning.
document.addEventListener("touchmove", (event) => { if (move && press?.isTouch) event.preventDefault(); }, { passive: false });

// Near its edge the day goes on.
const creep = () => {
  if (!move || !press) return;
  const region = move.table.closest(".scroll");
  const box = region.getBoundingClientRect();
  const names = region.querySelector("th").offsetWidth;
  const by = press.at > box.right - 36 ? 10 : press.at < box.left + names + 36 ? -10 : 0;
  const before = region.scrollLeft;
  region.scrollLeft += by;
  press.creeping = requestAnimationFrame(creep);
  if (region.scrollLeft !== before) follow(press.at, press.atY);
};

const follow = (x, y) => {
  const [dx, dy] = [x - press.x + move.link.closest(".scroll").scrollLeft - press.scrolled, y - press.y];
  move.link.style.transform = `translate(${dx}px, ${dy}px)`;
  const slots = Math.round(dx / move.width);
  const body = document.elementsFromPoint(x, y)
    .map((one) => one.closest("tbody[data-queue]")).find((one) => one && move.table.contains(one));
  const queue = body?.dataset.queue ?? move.queue;
  const start = move.from.start + slots * move.slot;
  if (queue === move.queue && start === move.start) { place(); return; }
  move.queue = queue;
  move.start = start;
  move.end = start + move.from.end - move.from.start;
  weigh();
};

document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  if (!move) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < (press.isTouch ? 10 : 6)) return;
    if (press.isTouch) { clearTimeout(held); press = undefined; return; }
    grab();
  }
  event.preventDefault();
  [press.at, press.atY] = [event.clientX, event.clientY];
  press.creeping ??= requestAnimationFrame(creep);
  follow(press.at, press.atY);
});

const release = (event, isDropped) => {
  if (!press || event.pointerId !== press.id) return;
  clearTimeout(held);
  cancelAnimationFrame(press.creeping);
  press = undefined;
  if (!move) return;
  // The click that follows is none.
  setTimeout(() => { wasDragged = false; }, 0);
  if (isDropped) drop();
  else end();
};
document.addEventListener("pointerup", (event) => release(event, true));
document.addEventListener("pointercancel", (event) => release(event, false));

// MARK: The keyboard

const step = (event) => {
  const sign = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
  if (sign && event.shiftKey) {
    const length = move.end - move.start + sign * move.slot;
    if (length < move.slot) return;
    move.end += sign * move.slot;
  } else if (sign) {
    move.start += sign * move.slot;
    move.end += sign * move.slot;
  } else {
    const queues = [...move.table.querySelectorAll("tbody[data-queue]")].map((body) => body.dataset.queue);
    const next = queues.indexOf(move.queue) + (event.key === "ArrowUp" ? -1 : 1);
    if (!queues[next]) return;
    move.queue = queues[next];
  }
  const columns = (move.start - move.from.start) / move.slot;
  move.link.style.transform = `translateX(${columns * move.width}px)`;
  move.link.style.width = `${(move.end - move.start) / move.slot * move.width}px`;
  weigh();
};

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("table.day a.shift");
  if (!move) {
    if (!link || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move = begin(link);
    weigh();
    return;
  }
  if (event.key === "Escape") { event.preventDefault(); press = undefined; end()?.focus(); return; }
  if (press) return;
  if (event.key === "Enter") { event.preventDefault(); drop(); return; }
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  step(event);
});

// Whoever turns to something else leaves the shift where it was.
document.addEventListener("focusout", (event) => {
  if (move && !press && event.target === move.link) end();
});

document.documentElement.classList.add("can-drag");
