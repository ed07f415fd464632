// What goes wrong at Twilio's stand-in: shared by all phones that go through it.
import { byId, post } from "./phones.js";

export const faults = { unreachable: [] };

export function setFaults() {
  post("/simulator/faults", faults).catch(() => {});
  for (const name of Object.keys(faults)) if (name.endsWith("_next")) delete faults[name];
}

// Phones that are switched off: `add` or take away.
export function setListed(name, address, listed) {
  faults[name] = (faults[name] || []).filter((other) => other !== address);
  if (listed) faults[name].push(address);
  setFaults();
}

byId("faults").addEventListener("click", (event) => {
  const { fault } = event.target.dataset;
  if (!fault) return;
  faults[fault] = 1;
  setFaults();
});
byId("faults").addEventListener("change", (event) => {
  const { every } = event.target.dataset;
  if (!every) return;
  faults[every] = event.target.checked ? 1 : 0;
  setFaults();
});
