// The page's frame: kinds of phones are added here, and phones of a kind stand side by side.
//
//   addKind(name, { title, first, placeholder, pattern, inputMode, normalised(text), build(root, address) })
//
// `build` gets a clone of the template `<name>-phone` and gives { focus() }; `first` are the addresses of a first visit.
// The frame fills the `h2`, and takes the phone away at `.remove`.

const KEPT = "jiesu-simulator-phones-2";
const RETRY_MS = 1500;

const kinds = new Map(); // name -> what addKind was given
const phones = new Map(); // "kind address" -> { root, focus }

export const byId = (id) => document.getElementById(id);

export function addKind(name, kind) {
  kinds.set(name, kind);
}

// A resident's number: +86 where no country code is written.
export const NUMBER = {
  placeholder: "13800138002",
  pattern: "(\\+[1-9]\\d{6,14}|0?[1-9]\\d{8,11})",
  inputMode: "tel",
  normalised: (text) => (text.startsWith("+") ? text : `+86${text.replace(/^0/, "")}`),
};

export async function post(path, value) {
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value),
    });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  } catch (error) {
    byId("away").hidden = false;
    throw error;
  }
}

// Ask `path` for what changed after the version seen last, again and again; `seen` gets each answer.
export async function watch(path, seen) {
  let version = 0;
  for (;;) {
    try {
      const response = await fetch(`${path}?after=${version}`);
      if (!response.ok) throw new Error(response.statusText);
      const answer = await response.json();
      version = answer.version < version ? 0 : answer.version; // the stand-in began anew: ask again from its start
      seen(answer);
      byId("away").hidden = true;
    } catch {
      byId("away").hidden = false;
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}

export function timeOf(text) {
  return new Date(text).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}

// Add something to a scrolling list, and stay at its end if one was there.
export function append(list, item, always = false) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  if (item.parentNode !== list) list.append(item);
  if (atEnd || always) list.scrollTop = list.scrollHeight;
}

export function addPhone(name, address) {
  const kind = kinds.get(name);
  const key = `${name} ${address}`;
  if (!kind) return;
  if (phones.has(key)) { phones.get(key).focus(); return; }
  const root = byId(`${name}-phone`).content.firstElementChild.cloneNode(true);
  root.id = `phone-${name}-${address}`;
  root.setAttribute("aria-label", `${kind.title} ${address}`);
  root.querySelector("h2").textContent = `${kind.title} ${address}`;
  root.querySelector(".remove").addEventListener("click", () => {
    root.remove();
    phones.delete(key);
    remember();
  });
  byId("phones").append(root);
  phones.set(key, { root, ...kind.build(root, address) });
  remember();
  if (byId("phones").children.length > 1) phones.get(key).focus();
}

function remember() {
  localStorage.setItem(KEPT, JSON.stringify([...phones.keys()].map((key) => key.split(" "))));
  byId("index").replaceChildren(...[...phones.values()].map(({ root }) => {
    const link = document.createElement("a");
    link.href = `#${encodeURIComponent(root.id)}`;
    link.textContent = root.getAttribute("aria-label");
    return link;
  }));
}

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    if (Array.isArray(kept) && kept.length) return kept;
  } catch { /* a first visit */ }
  return [...kinds].flatMap(([name, kind]) => (kind.first || []).map((address) => [name, address]));
}

function chooseKind() {
  const kind = kinds.get(byId("kind").value);
  const field = byId("number");
  field.placeholder = kind.placeholder;
  field.pattern = kind.pattern;
  field.inputMode = kind.inputMode;
}

export function start() {
  for (const [name, kind] of kinds) {
    byId("kind").append(new Option(kind.title, name));
    const faults = byId(`${name}-faults`);
    if (faults) {
      byId("faults").hidden = false;
      byId("faults").append(faults.content.cloneNode(true));
    }
    kind.started?.();
  }
  chooseKind();
  byId("kind").addEventListener("change", chooseKind);
  byId("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = byId("kind").value;
    addPhone(name, kinds.get(name).normalised(byId("number").value.trim()));
    byId("number").value = "";
  });
  for (const [name, address] of remembered()) addPhone(name, address);
}
