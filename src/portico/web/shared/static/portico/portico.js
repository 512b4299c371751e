// What pages do beyond HTML: menus that close, errors that take focus, a sum of what is ticked, and the "seen" beacon.
// Every page works without this file.
(() => {
  "use strict";
  const chosen = new Map(); // value -> {currency, minor}: what is ticked, also on pages no longer shown

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.po-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const copy = event.target.closest("[data-copy], [data-copy-text]");
    if (copy) {
      const text = copy.dataset.copyText ?? document.getElementById(copy.dataset.copy).innerText.trim();
      navigator.clipboard.writeText(text).then(() => {
        copy.textContent = copy.dataset.done;
      });
    }
    const clear = event.target.closest("[data-clear]");
    if (clear) {
      chosen.clear();
      for (const box of clear.closest("form").querySelectorAll("[data-owed]")) box.checked = false;
      tally(clear.closest("form"));
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.po-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A change of a filter asks at once; without this file the form's own button does.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (event.target.matches("[data-all]")) {
      for (const box of form.querySelectorAll(".po-c-check [name]")) {
        box.checked = event.target.checked;
        if (box.dataset.owed) keep(box);
      }
    } else if (event.target.matches("[data-owed]")) keep(event.target);
    if (form.matches(".po-pick")) tally(form);
  });

  const keep = (box) => {
    const [minor, currency] = box.dataset.owed.split(" ");
    if (box.checked) chosen.set(box.value, { currency, minor: Number(minor) });
    else chosen.delete(box.value);
  };

  const tally = (form) => {
    const bar = form.querySelector(".po-selection");
    if (!bar) return;
    const shown = [...form.querySelectorAll("[data-owed]")];
    const values = new Set(shown.map((box) => box.value));
    const sums = new Map();
    for (const { currency, minor } of chosen.values()) sums.set(currency, (sums.get(currency) || 0) + minor);
    const money = [...sums].map(([currency, minor]) => {
      const format = new Intl.NumberFormat(form.dataset.locale, { style: "currency", currency, numberingSystem: "latn" });
      const digits = JSON.parse(form.dataset.digits || "{}")[currency] ?? format.resolvedOptions().maximumFractionDigits;
      return format.format(minor / 10 ** digits);
    });
    // How many, in the plural form of the language: the page has one sentence for each.
    const forms = JSON.parse(form.dataset.counted || "{}");
    const counted = forms[new Intl.PluralRules(form.dataset.locale).select(chosen.size)] ?? "#";
    bar.querySelector("[data-tally]").textContent = [counted.replace("#", chosen.size), ...money].join(" · ");
    bar.classList.toggle("po-on", chosen.size > 0);
    const carried = bar.querySelector("[data-carried]");
    carried.replaceChildren();
    for (const value of chosen.keys()) {
      if (values.has(value)) continue;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: shown[0]?.name || carried.dataset.carried, value });
      carried.append(input);
    }
    const all = form.querySelector("[data-all]");
    if (all) {
      all.checked = shown.length > 0 && shown.every((box) => box.checked);
      all.indeterminate = !all.checked && shown.some((box) => box.checked);
    }
  };

  const restore = () => {
    for (const form of document.querySelectorAll(".po-pick")) {
      for (const box of form.querySelectorAll("[data-owed]")) {
        if (box.checked) keep(box);
        else box.checked = chosen.has(box.value);
      }
      tally(form);
    }
  };

  // Seen means: in a visible tab for a second, once a hand has moved. Never a prefetch, a background tab, or a program
  // that opens links in mails and runs their scripts.
  const SIGNS = ["pointermove", "pointerdown", "touchstart", "keydown", "wheel"];
  const beacon = () => {
    const marks = [...document.querySelectorAll("[data-seen]:not([data-poll-method])")];
    if (!marks.length) return;
    let timer = 0;
    const watch = () => {
      clearTimeout(timer);
      if (document.visibilityState !== "visible" || document.prerendering) return;
      timer = setTimeout(() => {
        document.removeEventListener("visibilitychange", watch);
        for (const mark of marks) {
          const url = mark.dataset.seen;
          mark.removeAttribute("data-seen");
          fetch(url, {
            method: "POST",
            headers: { "X-CSRFToken": mark.dataset.token, ...window.porticoFrame?.() },
            credentials: "same-origin",
            keepalive: true,
          });
        }
      }, 1000);
    };
    const hand = (event) => {
      if (!event.isTrusted) return;
      for (const sign of SIGNS) document.removeEventListener(sign, hand, true);
      document.addEventListener("visibilitychange", watch);
      watch();
    };
    for (const sign of SIGNS) document.addEventListener(sign, hand, { capture: true, passive: true });
  };

  // Moments in the reader's own time zone; the page says them in the business's.
  const localize = (root) => {
    const { lang } = document.documentElement;
    const day = lang === "ar" ? { day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" };
    const format = new Intl.DateTimeFormat(`${{ en: "en-GB", ar: "ar-EG" }[lang] ?? lang}-u-nu-latn`, day);
    for (const time of root.querySelectorAll("time[data-moment]")) {
      // The time in the zone of the business, which pages of staff name at their foot.
      time.title ||= time.textContent;
      time.textContent = format.format(new Date(time.dateTime));
    }
  };

  // What is said in a conversation shows by itself, for as long as somebody is there: a tab that is left alone must not
  // keep its session alive.
  const EVERY = 15_000, LEFT_ALONE = 10 * 60_000;
  let lastSign = Date.now();
  const listen = () => {
    let region = document.querySelector("[data-poll]");
    if (!region) return;
    for (const sign of SIGNS) document.addEventListener(sign, () => { lastSign = Date.now(); }, { capture: true, passive: true });
    const ask = async () => {
      if (document.visibilityState !== "visible" || Date.now() - lastSign > LEFT_ALONE) return;
      const { poll, pollMethod, actingFor, token } = region.dataset;
      const headers = actingFor ? { "X-Acting-For": actingFor } : {};
      if (pollMethod) headers["X-CSRFToken"] = token;
      try {
        if (!region.isConnected) return clearInterval(timer);
        const answer = await fetch(poll, { method: pollMethod ?? "GET", headers: { ...headers, ...window.porticoFrame?.() }, credentials: "same-origin", redirect: "error" });
        if (!answer.ok) clearInterval(timer);
        if (answer.status !== 200) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-poll]");
        if (!fresh) return;
        localize(fresh);
        region.replaceWith(fresh);
        region = fresh;
        const said = document.getElementById("said");
        if (said) said.textContent = region.querySelector(".po-said > :last-child")?.textContent ?? "";
        beacon();
      } catch { /* Without a connection there is nothing new. */ }
    };
    const timer = setInterval(ask, EVERY);
    if (region.dataset.pollMethod) ask();
  };

  // The way back leads to the list as it was: with its filters, its order and its page.
  const LISTS = "portico.lists";
  const kept = () => { try { return JSON.parse(sessionStorage.getItem(LISTS)) ?? {}; } catch { return {}; } };
  const keepList = () => {
    if (!document.querySelector(".po-results")) return;
    try { sessionStorage.setItem(LISTS, JSON.stringify({ ...kept(), [location.pathname]: location.search })); } catch { /* Not kept, then. */ }
  };
  const leadBack = () => {
    for (const link of document.querySelectorAll("a.po-back")) {
      const from = document.referrer ? new URL(document.referrer) : null;
      const search = from?.origin === location.origin && from.pathname === link.pathname ? from.search : kept()[link.pathname];
      if (link.origin === location.origin && !link.search && search) link.search = search;
    }
  };
  window.addEventListener("pagehide", keepList);

  // What was swapped is said aloud, and the focus stays near when the link that had it is gone.
  document.addEventListener("htmx:afterSettle", (event) => {
    restore();
    const said = document.getElementById("said");
    if (said) said.textContent = event.target.querySelector("[data-said], .po-empty h2, .po-errors h2")?.textContent ?? "";
    if (document.activeElement === document.body) event.target.focus({ preventScroll: true });
  });
  window.addEventListener("pageshow", restore);
  const start = () => {
    document.querySelector("[data-focus]")?.focus();
    // A row of tabs is longer than a phone is wide.
    document.querySelector(".po-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    localize(document);
    leadBack();
    beacon();
    listen();
  };
  // In a frame without cookies pages come by script: see frame.js.
  document.addEventListener("portico:page", start);
  start();
})();
