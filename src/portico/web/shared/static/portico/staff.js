// What the dashboard does beyond HTML: copying a link, selecting it whole, and counting what is left of a text.
// Every page works without this file.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-field]");
    if (button) {
      const field = document.getElementById(button.dataset.copyField);
      const done = () => { button.textContent = button.dataset.done; };
      if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done);
      else { field.select(); if (document.execCommand("copy")) done(); }
    }
    if (event.target.matches("[data-select]")) event.target.select();
  });

  // Line ends count once, as on the server.
  for (const field of document.querySelectorAll("[data-count]")) {
    const most = Number(field.dataset.count);
    const counter = document.createElement("div");
    counter.className = "po-counter";
    counter.setAttribute("aria-hidden", "true");
    field.after(counter);
    const show = () => { counter.textContent = `${field.value.length} / ${most}`; };
    field.addEventListener("input", show);
    show();
  }

  // The frames beside a form show what it says, as soon as it says it.
  for (const form of document.querySelectorAll("form[data-preview]")) {
    form.addEventListener("change", () => {
      const said = new URLSearchParams();
      for (const name of ["name", "accent", "corners", "typeface"]) said.set(name, form.elements[name].value);
      if (form.elements.name_beside_logo.checked) said.set("name_beside_logo", "on");
      for (const frame of document.querySelectorAll("iframe[data-scheme]")) {
        said.set("scheme", frame.dataset.scheme);
        frame.src = `${form.dataset.preview}?${said}`;
      }
    });
  }
})();
