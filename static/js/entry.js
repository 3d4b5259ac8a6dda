// A section's rows: drafts, the way from box to box by keyboard, and evidence.
import { form, send, words } from "./entry_drafts.js";

const isShown = (box) => box.checkVisibility() && !box.readOnly && !box.disabled;
// The boxes that Enter walks through: lines, not paragraphs, in the order of the page.
const lines = () =>
  [...form.querySelectorAll("input[data-box]:not([type=radio]), select[data-box]")].filter(isShown);

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-box]")) return;
  if (event.target.tagName === "TEXTAREA") return;
  event.preventDefault();
  const all = lines();
  const place = all.indexOf(event.target);
  const next = all[place + (event.shiftKey ? -1 : 1)];
  if (next) {
    next.focus();
    next.select?.();
  } else if (!event.shiftKey) {
    form.querySelector("[data-send]").focus();
  }
});

form.addEventListener("change", async (event) => {
  if (!event.target.matches("[data-evidence]") || !event.target.files.length) return;
  const input = event.target;
  const row = input.closest("[data-row]");
  await upload(row, input.form.action, new FormData(input.form));
  input.value = "";
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-files] button[formaction]");
  if (!button) return;
  event.preventDefault();
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", button.form.elements.csrfmiddlewaretoken.value);
  upload(button.closest("[data-row]"), button.formAction, sent);
});

async function upload(row, address, sent) {
  const place = row.querySelector("[data-files]");
  const said = row.querySelector("[data-local]");
  said.textContent = words.uploading;
  await send(row);
  said.textContent = words.uploading;
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: sent,
      redirect: "manual",
      headers: { "X-Part": "files" },
    });
    if (answer.type === "opaqueredirect" || ![200, 422].includes(answer.status)) {
      throw new Error(String(answer.status));
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
    const version = answer.headers.get("X-Version");
    if (version) {
      row.dataset.version = version;
      row.querySelector("[data-version-box]").value = version;
    }
    said.textContent = "";
  } catch {
    said.textContent = words.lost;
  }
}

// A box that a link of the check list leads to stands open, with the cursor in it.
function toAnchor() {
  const box = document.getElementById(location.hash.slice(1));
  if (!box?.matches("[data-box]")) return;
  for (const shut of [box.closest("[hidden]"), box.closest("details")]) {
    if (!shut) continue;
    shut.hidden = false;
    if ("open" in shut) shut.open = true;
  }
  box.focus();
}
addEventListener("hashchange", toAnchor);
toAnchor();
// Who comes to report begins to type at once: the first empty box has the cursor.
if (!location.hash && document.activeElement === document.body) {
  lines()
    .find((box) => !box.value)
    ?.focus({ preventScroll: true });
}
