// Keeps what is typed: at once on this computer, then on the server, row by row. A copy
// here goes only when the server has said that it holds the same.
const PAUSE = 500;
const RETRY = 5000;

export const form = document.querySelector("form[data-entry]");
form.classList.add("scripted");
export const words = JSON.parse(document.getElementById("entry-words").textContent);
const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
const { user, period, login } = form.dataset;
const keyOf = (row) => `dengta-draft:${user}:${row.dataset.row}:${period}`;
const states = new Map();

function store(key, copy) {
  try {
    if (copy) localStorage.setItem(key, JSON.stringify(copy));
    else localStorage.removeItem(key);
  } catch {
    // A full or forbidden storage takes nothing; the server is still told.
  }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

export const rowsOf = () => [...form.querySelectorAll("[data-row]")];
const boxesOf = (row) => [...row.querySelectorAll("[data-box]")];

export function read(row) {
  const typed = {};
  for (const box of boxesOf(row)) {
    if (box.type === "radio") {
      typed[box.dataset.box] ??= "";
      if (box.checked) typed[box.dataset.box] = box.value;
    } else {
      typed[box.dataset.box] = box.value;
    }
  }
  return typed;
}

export function write(row, name, text) {
  for (const box of boxesOf(row)) {
    if (box.dataset.box !== name) continue;
    if (box.type === "radio") box.checked = box.value === text;
    else box.value = text;
  }
}

function stateOf(row) {
  let state = states.get(row);
  if (!state) {
    state = { base: read(row), timer: 0, isSending: false, isHeld: false, isExpired: false };
    states.set(row, state);
  }
  return state;
}

function changed(row) {
  const { base } = stateOf(row);
  const now = read(row);
  return Object.fromEntries(Object.entries(now).filter(([name, text]) => base[name] !== text));
}

function tell(row, text, link) {
  const place = row.querySelector("[data-local]");
  place.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = `${login}?next=${encodeURIComponent(location.pathname)}`;
    anchor.textContent = words.login;
    place.append(" ", anchor);
  }
}

export function touched(row) {
  const typed = changed(row);
  const isNew = Object.keys(typed).length > 0;
  store(keyOf(row), isNew ? { typed, version: row.dataset.version } : null);
  const state = stateOf(row);
  if (!isNew && !state.isSending) {
    tell(row, "");
    return;
  }
  if (!state.isHeld) tell(row, words.unsaved);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => send(row), PAUSE);
}

function body(row, typed) {
  const sent = new URLSearchParams(typed);
  sent.set("version", row.dataset.version);
  sent.set("csrfmiddlewaretoken", token());
  return sent;
}

export async function send(row) {
  const state = stateOf(row);
  clearTimeout(state.timer);
  if (state.isHeld) return false;
  if (state.isSending) return state.isSending;
  const typed = changed(row);
  if (!Object.keys(typed).length) return true;
  state.isSending = attempt(row, state, typed);
  const isKept = await state.isSending;
  state.isSending = false;
  // What was typed in the meantime goes next.
  if (isKept && Object.keys(changed(row)).length) return send(row);
  return isKept;
}

async function attempt(row, state, typed) {
  tell(row, words.saving);
  let answer;
  try {
    answer = await fetch(row.dataset.url, {
      method: "POST",
      body: body(row, typed),
      redirect: "manual",
      headers: { "X-Part": "draft" },
    });
  } catch {
    tell(row, words.offline);
    state.timer = setTimeout(() => send(row), RETRY);
    return false;
  }
  // A redirect leads to the log-in; a refused token comes from a log-in in between.
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    state.isExpired = true;
    tell(row, words.expired, true);
    return false;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const refused = page.querySelector("[data-refused]");
  const live = page.querySelector("[data-live]");
  if (refused || !live) {
    tell(row, refused?.textContent || words.unsaved);
    if (!refused) state.timer = setTimeout(() => send(row), RETRY);
    return false;
  }
  show(row, live);
  if (answer.status === 409) {
    state.isHeld = true;
    tell(row, words.conflict);
    return false;
  }
  setVersion(row, live.dataset.version);
  Object.assign(state.base, typed);
  const rest = changed(row);
  const isAll = !Object.keys(rest).length;
  store(keyOf(row), isAll ? null : { typed: rest, version: row.dataset.version });
  tell(row, isAll ? "" : words.unsaved);
  document.dispatchEvent(new CustomEvent("entry:saved", { detail: { row, live } }));
  return true;
}

function setVersion(row, version) {
  row.dataset.version = version;
  row.querySelector("[data-version-box]").value = version;
}

// Puts each part of the answer in the place of its name; boxes are never touched.
function show(row, live) {
  for (const part of live.querySelectorAll("[data-part]")) {
    const place = row.querySelector(`[data-part="${part.dataset.part}"]`);
    if (place && place.innerHTML.trim() !== part.innerHTML.trim()) {
      place.replaceChildren(...part.childNodes);
    }
    if (part.dataset.part.startsWith("error-")) {
      const name = part.dataset.part.slice("error-".length);
      for (const box of row.querySelectorAll(`[data-box="${name}"]`)) {
        if (place.textContent.trim()) box.setAttribute("aria-invalid", "true");
        else box.removeAttribute("aria-invalid");
      }
    }
  }
  const isBegun = Boolean(live.dataset.begun);
  for (const place of row.querySelectorAll("[data-when=begun]")) place.hidden = !isBegun;
  for (const place of row.querySelectorAll("[data-when=explain]")) {
    place.hidden = !live.dataset.explain;
  }
}

form.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-keep]");
  if (!choice) return;
  const row = choice.closest("[data-row]");
  const conflict = choice.closest("[data-conflict]");
  const state = stateOf(row);
  const mine = changed(row);
  for (const now of conflict.querySelectorAll("[data-now]")) {
    const name = now.dataset.now;
    if (name in mine) continue;
    state.base[name] = now.value;
    write(row, name, now.value);
  }
  for (const one of conflict.querySelectorAll("[data-differs]")) {
    const name = one.dataset.differs;
    state.base[name] = one.dataset.theirs;
    if (choice.dataset.keep === "theirs") write(row, name, one.dataset.theirs);
  }
  setVersion(row, conflict.dataset.version);
  conflict.remove();
  state.isHeld = false;
  if (Object.keys(changed(row)).length) {
    touched(row);
    send(row);
  } else {
    store(keyOf(row), null);
    refresh(row);
  }
});

// Asks for the row as it stands, though nothing of it changed.
async function refresh(row) {
  const answer = await fetch(row.dataset.url, {
    method: "POST",
    body: body(row, {}),
    redirect: "manual",
  }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const live = page.querySelector("[data-live]");
  if (!live) return;
  show(row, live);
  setVersion(row, live.dataset.version);
  tell(row, "");
}

// How far the page is, as its head and foot say it, follows what is typed.
document.addEventListener("entry:saved", ({ detail: { row, live } }) => {
  row.dataset.begun = live.dataset.begun;
  row.dataset.unexplained = live.dataset.unexplained;
  const all = rowsOf();
  const steps = [...document.querySelectorAll(".steps i:not(.sent)")];
  all.forEach((one, place) => steps[place]?.classList.toggle("on", Boolean(one.dataset.begun)));
  const counts = {
    empty: all.filter((one) => !one.dataset.begun).length,
    unexplained: all.filter((one) => one.dataset.unexplained).length,
  };
  const parts = Object.entries(counts)
    .filter(([, count]) => count)
    .map(([name, count]) => words[name].replace("{count}", count));
  const begun = all.length - counts.empty;
  const told = [
    begun && words.begun.replace("{count}", begun),
    counts.empty && words.empty.replace("{count}", counts.empty),
    words.sent,
  ].filter(Boolean);
  document.querySelector("[data-lead]").textContent = words.lead.replace(
    "{parts}",
    told.join(words.enumeration),
  );
  const foot = form.querySelector("[data-foot]");
  if (!foot) return;
  foot.textContent = parts.length
    ? words.foot.replace("{parts}", parts.join(words.enumeration))
    : words.foot_done;
});

export function sendAll() {
  return Promise.all(rowsOf().map((row) => send(row)));
}

form.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && event.target.matches("[data-box]")) touched(row);
});
form.addEventListener("focusout", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row || !event.target.matches("[data-box]")) return;
  // To try again would take the link to the log-in from under the finger.
  if (!stateOf(row).isExpired) send(row);
});
addEventListener("online", sendAll);
addEventListener("pagehide", () => {
  for (const row of rowsOf()) {
    const typed = changed(row);
    const state = stateOf(row);
    if (state.isHeld || state.isSending || !Object.keys(typed).length) continue;
    fetch(row.dataset.url, { method: "POST", body: body(row, typed), keepalive: true });
  }
});

const sendButton = form.querySelector("[data-send]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.submitter !== sendButton) return;
  const kept = await sendAll();
  const unkept = rowsOf().find((row, place) => !kept[place]);
  if (unkept) unkept.scrollIntoView({ block: "center" });
  else location.href = sendButton.dataset.send;
});

// A page that comes back from the history of the browser shows boxes of before.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

for (const row of rowsOf()) {
  if ("locked" in row.dataset) continue;
  // Browsers put back what stood in boxes; what the server holds is their default.
  for (const box of boxesOf(row)) {
    if (box.type === "radio") box.checked = box.defaultChecked;
    else if (box.tagName === "SELECT") {
      const chosen = [...box.options].find((option) => option.defaultSelected);
      box.value = chosen ? chosen.value : "";
    } else box.value = box.defaultValue;
  }
  stateOf(row);
  const copy = stored(keyOf(row));
  if (!copy) continue;
  for (const [name, text] of Object.entries(copy.typed)) write(row, name, text);
  if (!Object.keys(changed(row)).length) {
    store(keyOf(row), null);
    continue;
  }
  // The version it was typed upon: whoever wrote since then is told of.
  row.dataset.version = copy.version;
  tell(row, words.kept);
  send(row);
}
