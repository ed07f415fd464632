"use strict";

// What was said here and has not been acknowledged: one item a message, so that two tabs do not overwrite each other.
// The same id goes out again after a reload or a lost connection; the server lets it take effect once.

const memory = {}; // for browsers that keep nothing (private windows)

const kept = {
  get(name) {
    try { return localStorage.getItem(name); } catch (error) { return name in memory ? memory[name] : null; }
  },
  set(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { memory[name] = value; }
  },
  remove(name) {
    try { localStorage.removeItem(name); } catch (error) { /* it is in memory alone */ }
    delete memory[name];
  },
  names() {
    try { return Object.keys(localStorage).concat(Object.keys(memory)); } catch (error) { return Object.keys(memory); }
  },
};

const OUT = "jiesu.out.";

function newId() { // crypto.randomUUID is missing where the page came without https
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const outbox = {
  add(message) {
    const item = Object.assign({ id: newId(), at: Date.now() }, message);
    this.put(item);
    return item;
  },
  put(item) { kept.set(OUT + item.id, JSON.stringify(item)); },
  remove(id) { kept.remove(OUT + id); },
  all() {
    const items = kept.names().filter((name) => name.startsWith(OUT)).map((name) => JSON.parse(kept.get(name) || "null"));
    return items.filter(Boolean).sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
  },
};
