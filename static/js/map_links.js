// Redraws the arrows of a map between the boxes where they really stand. The server
// has drawn them between the boxes where they should stand.
const centre = (box) => box.left + box.width / 2;

function path(cause, effect) {
  if (Math.abs(cause.top - effect.top) < 8) {
    const leftToRight = cause.left <= effect.left;
    const start = leftToRight ? cause.right : cause.left;
    const end = leftToRight ? effect.left : effect.right;
    const y = cause.top + cause.height / 2;
    const middle = (start + end) / 2;
    return `M${start} ${y}C${middle} ${y - 24} ${middle} ${y - 24} ${end} ${y}`;
  }
  const upward = effect.top < cause.top;
  const from = upward ? cause.top : cause.bottom;
  const to = upward ? effect.bottom : effect.top;
  const middle = (from + to) / 2;
  return `M${centre(cause)} ${from}C${centre(cause)} ${middle} ${centre(effect)} ${middle} ${centre(effect)} ${to}`;
}

function measure(svg) {
  const map = svg.closest("[data-map]");
  const frame = map.getBoundingClientRect();
  const boxes = new Map();
  for (const element of map.querySelectorAll("[data-objective]")) {
    const { left, top, width, height } = element.getBoundingClientRect();
    boxes.set(element.dataset.objective, new DOMRect(left - frame.left, top - frame.top, width, height));
  }
  svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  svg.dataset.measured = "";
  for (const line of svg.querySelectorAll("path")) {
    const cause = boxes.get(line.dataset.cause);
    const effect = boxes.get(line.dataset.effect);
    if (cause && effect) line.setAttribute("d", path(cause, effect));
  }
}

function strengthen(svg, objective) {
  for (const line of svg.querySelectorAll("path")) {
    const isOn = objective && [line.dataset.cause, line.dataset.effect].includes(objective);
    line.classList.toggle("on", Boolean(isOn));
  }
}

for (const svg of document.querySelectorAll("svg[data-links]")) {
  const map = svg.closest("[data-map]");
  new ResizeObserver(() => measure(svg)).observe(map);
  const current = () => map.querySelector("[data-objective][aria-current]")?.dataset.objective;
  for (const kind of ["mouseover", "focusin"]) {
    map.addEventListener(kind, (event) => {
      strengthen(svg, event.target.closest("[data-objective]")?.dataset.objective ?? current());
    });
  }
  map.addEventListener("mouseleave", () => strengthen(svg, current()));
  document.addEventListener("drawer:changed", () => strengthen(svg, current()));
}
