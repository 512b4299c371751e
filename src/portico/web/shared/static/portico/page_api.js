// What a business's own script can read, so that it need not read it off the page: docs/branding.md describes it.
(() => {
  "use strict";
  const data = document.currentScript.dataset;
  const listeners = new Set();
  document.addEventListener("htmx:afterSettle", (event) => {
    for (const listener of listeners) listener({ region: event.target.id || "" });
  });
  window.portico = Object.freeze({
    version: 1,
    page: data.page,
    language: data.language,
    business: data.business,
    customer: data.customer || null,
    // Call back whenever a part of the page has been replaced. Returns what takes the listener away again.
    onUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
})();
