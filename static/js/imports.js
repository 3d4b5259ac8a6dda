// Shows which cells a doubt is about while a person looks at it, and leads from a mark
// in the sheet to its doubt without asking the server again.
const marked = "lit";

function cellsOf(issue) {
  const number = issue.id.replace("issue-", "");
  return [...document.querySelectorAll(".gs a.m")]
    .filter((mark) => mark.textContent.trim() === number)
    .map((mark) => mark.closest("td"));
}

function light(event, isLit) {
  const issue = event.target.closest?.(".issues > li[id]");
  if (!issue) return;
  for (const cell of cellsOf(issue)) cell.classList.toggle(marked, isLit);
}

for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => light(event, true));
}
for (const name of ["pointerout", "focusout"]) {
  document.addEventListener(name, (event) => light(event, false));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".gs a.m, .issues a.cell");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const fragment = new URL(link.href).hash;
  if (!fragment || !document.getElementById(fragment.slice(1))) return;
  event.preventDefault();
  location.hash = fragment;
});
