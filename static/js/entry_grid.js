// Many KPIs as a grid: arrows and Enter, a block pasted from a sheet, and undo.
import { form, send, touched, words } from "./entry_drafts.js";

const grid = form.querySelector("[data-grid]");
const said = form.querySelector("[data-grid-said]");
const MOST_STEPS = 200;
const done = [];
const undone = [];

const rows = [...grid.tBodies[0].rows];
// The cell of each row and column, or nothing where a row has fewer boxes.
const cells = rows.map((row) =>
  [...row.querySelectorAll("td.cell")].map((cell) => cell.querySelector("[data-cell]")),
);
const placeOf = (box) => {
  const y = rows.indexOf(box.closest("tr"));
  return { x: cells[y].indexOf(box), y };
};
const isOpen = (box) => Boolean(box) && !box.readOnly;

function go(x, y) {
  const box = cells[y]?.[x];
  if (!box) return false;
  box.focus();
  box.select();
  return true;
}

function walk({ x, y }, dx, dy) {
  for (let step = 1; step < 400; step += 1) {
    const row = y + dy * step;
    const column = x + dx * step;
    if (row < 0 || row >= cells.length || column < 0 || column >= (cells[row]?.length ?? 0)) return false;
    if (go(column, row)) return true;
  }
  return false;
}

function put(changes, side) {
  for (const change of changes) {
    change.box.value = change[side];
    change.box.lastKept = change[side];
    touched(change.box.closest("[data-row]"));
  }
  if (changes.length) go(...Object.values(placeOf(changes[0].box)));
}

function note(changes) {
  done.push(changes);
  if (done.length > MOST_STEPS) done.shift();
  undone.length = 0;
}

grid.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-cell]")) event.target.lastKept = event.target.value;
});
// A cell that was typed into is one step to take back.
function settle(box) {
  if (box.lastKept === undefined || box.lastKept === box.value) return;
  note([{ box, before: box.lastKept, after: box.value }]);
  box.lastKept = box.value;
}
grid.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-cell]")) settle(event.target);
});

grid.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!box.matches("[data-cell]") || event.isComposing) return;
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  const isRedo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y";
  if (isUndo || isRedo) {
    event.preventDefault();
    settle(box);
    const [from, to] = isRedo || event.shiftKey ? [undone, done] : [done, undone];
    const changes = from.pop();
    if (!changes) return;
    to.push(changes);
    put(changes, from === done ? "before" : "after");
    said.textContent = words.undone;
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = placeOf(box);
  const isAtStart = box.selectionStart === 0 && (box.selectionEnd === 0 || box.selectionEnd === box.value.length);
  const isAtEnd = box.selectionEnd === box.value.length;
  const moves = {
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
    ArrowLeft: isAtStart ? [-1, 0] : null,
    ArrowRight: isAtEnd ? [1, 0] : null,
    Enter: null,
  };
  if (event.key === "Enter") {
    event.preventDefault();
    const dx = event.shiftKey ? -1 : 1;
    // To the next box of the row, then to the first of the next row.
    if (walk(place, dx, 0)) return;
    const order = cells.flat().filter(Boolean);
    const next = order[order.indexOf(box) + dx];
    if (next) go(...Object.values(placeOf(next)));
    else if (dx > 0) form.querySelector("[data-send]").focus();
    return;
  }
  const move = moves[event.key];
  if (move && walk(place, ...move)) event.preventDefault();
});

const first = cells.flat().find((box) => isOpen(box) && !box.value);
if (!location.hash) first?.focus({ preventScroll: true });

// A block from a sheet: rows by line ends, cells by tabs; quoted cells may hold both.
export function block(text) {
  const lines = [[""]];
  let isQuoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < plain.length; at += 1) {
    const sign = plain[at];
    const line = lines.at(-1);
    if (isQuoted && sign === '"' && plain[at + 1] === '"') {
      line[line.length - 1] += '"';
      at += 1;
    } else if (sign === '"' && (isQuoted || line.at(-1) === "")) {
      isQuoted = !isQuoted;
    } else if (sign === "\t" && !isQuoted) {
      line.push("");
    } else if (sign === "\n" && !isQuoted) {
      lines.push([""]);
    } else {
      line[line.length - 1] += sign;
    }
  }
  return lines.map((line) => line.map((cell) => cell.trim()));
}

grid.addEventListener("paste", (event) => {
  const start = event.target;
  if (!start.matches("[data-cell]")) return;
  const pasted = block(event.clipboardData.getData("text/plain"));
  if (pasted.length === 1 && pasted[0].length === 1) return;
  event.preventDefault();
  settle(start);
  const { x, y } = placeOf(start);
  const changes = [];
  let beyond = 0;
  pasted.forEach((line, down) => {
    line.forEach((text, right) => {
      const box = cells[y + down]?.[x + right];
      if (!isOpen(box)) beyond += text ? 1 : 0;
      else if (box.value !== text) changes.push({ box, before: box.value, after: text });
    });
  });
  put(changes, "after");
  if (changes.length) note(changes);
  said.textContent =
    words.pasted.replace("{count}", changes.length) +
    (beyond ? ` ${words.beyond.replace("{count}", beyond)}` : "");
  said.classList.remove("vh");
  for (const row of new Set(changes.map((change) => change.box.closest("[data-row]")))) send(row);
});
