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

  // The search box: / or Ctrl-K goes there, arrows go through what it found, Escape puts it away.
  const find = document.getElementById("find"), found = document.getElementById("found");
  const close = () => { if (found) found.replaceChildren(); };
  document.addEventListener("keydown", (event) => {
    if (!find) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const asked = (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) || ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k");
    if (asked) {
      event.preventDefault();
      if (find.checkVisibility()) find.select();
      else location.assign(find.form.action);
      find.focus();
    } else if (event.target.closest("[data-find]")) {
      const stops = [find, ...found.querySelectorAll("a")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement) + step))].focus();
      } else if (event.key === "Escape") {
        close();
        find.focus();
      }
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest("[data-find]")) close(); });
  find?.form.addEventListener("focusout", (event) => { if (event.relatedTarget && !find.form.contains(event.relatedTarget)) close(); });
  // An answer that comes late must not stand under an empty box.
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.target === found && !find.value.trim()) event.detail.shouldSwap = false; });
  find?.addEventListener("input", () => { if (!find.value.trim()) close(); });

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

  // Files are dropped or chosen, and sent one by one: each shows how far it is, and what refuses one keeps no other.
  const send = (form, file, bar) => new Promise((done) => {
    const body = new FormData(form), request = new XMLHttpRequest();
    body.set("file", file, file.name);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      if (request.response?.added?.length) done("");
      else done(request.response?.refused?.join(" ") || `${file.name}: ${form.dataset.failed}`);
    });
    request.send(body);
  });
  for (const form of document.querySelectorAll("form[data-upload]")) {
    const input = form.elements.file, said = form.querySelector(".po-uploads");
    let waiting = Promise.resolve();
    const add = (files) => {
      for (const file of files) {
        const row = document.createElement("li"), name = document.createElement("bdi"), bar = document.createElement("progress");
        name.textContent = file.name;
        bar.value = 0;
        bar.setAttribute("aria-label", file.name);
        row.append(name, bar);
        said.append(row);
        waiting = waiting.then(() => send(form, file, bar)).then((refusal) => {
          if (!refusal) { row.remove(); return htmx.ajax("GET", location.pathname + location.search, { target: `#${form.dataset.upload}`, swap: "outerHTML" }); }
          row.replaceChildren(refusal);
          row.className = "po-refused";
        });
      }
      input.value = "";
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); if (input.files.length) add(input.files); else input.click(); });
    form.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); form.classList.add("po-dropping"); } });
    form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) form.classList.remove("po-dropping"); });
    form.addEventListener("drop", (event) => { event.preventDefault(); form.classList.remove("po-dropping"); add(event.dataTransfer.files); });
  }

  // The frame beside a form shows what it says, as soon as it says it. What is asked by an address takes the place of what
  // was there, so that Back leaves the form instead of going through all that was tried; only files have to be sent.
  for (const button of document.querySelectorAll(".po-brand-editor button[formtarget]")) {
    const editor = button.closest(".po-brand-editor"), frame = editor.querySelector("iframe");
    let waits = 0;
    const show = () => {
      const said = [...new FormData(button.form)], files = said.some(([, value]) => value.size);
      if (files) return button.form.requestSubmit(button);
      const typed = said.filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
      frame.contentWindow.location.replace(`${button.formAction}?${new URLSearchParams(typed)}`);
    };
    editor.addEventListener("input", (event) => {
      if (event.target.form !== button.form) return;
      clearTimeout(waits);
      waits = setTimeout(show, 250);
    });
  }
})();
