// One box at the head of a section chooses all of its figures. Without this script each
// figure has its own box.

for (const group of document.querySelectorAll("[data-group]")) {
  const all = group.querySelector("[data-all]");
  const boxes = [...group.querySelectorAll('input[name="pick"]')];
  if (boxes.length < 2) continue;
  const head = all.querySelector("input");
  all.hidden = false;
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    head.checked = chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  head.addEventListener("change", () => {
    for (const box of boxes) box.checked = head.checked;
  });
  group.addEventListener("change", show);
  show();
}
