// Counting visits, where a business does: nothing is loaded or stored before the visitor agrees, if they are asked.
// The page says what it is called for this: an address without ids, links or queries.
(() => {
  "use strict";
  const data = document.currentScript.dataset;
  const bar = document.querySelector("[data-consent]");
  const change = document.querySelector("[data-consent-change]");
  const key = `portico.visits.${data.portal}`;
  const url = location.origin + data.base.replace(/\/$/, "") + data.page;
  let loaded = false;

  const load = (source, attributes = {}) => {
    const script = document.createElement("script");
    script.src = source;
    script.async = true;
    Object.assign(script.dataset, attributes);
    document.head.append(script);
  };

  const services = {
    google() {
      window.dataLayer = window.dataLayer || [];
      window.gtag = function gtag() { window.dataLayer.push(arguments); };
      const denied = { ad_storage: "denied", ad_user_data: "denied", ad_personalization: "denied" };
      window.gtag("consent", "default", { ...denied, analytics_storage: "granted" });
      window.gtag("js", new Date());
      window.gtag("config", data.site, { page_location: url, page_title: data.page, page_referrer: "" });
      load(`https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(data.site)}`);
    },
    matomo() {
      const queue = window._paq = window._paq || [];
      queue.push(["setCustomUrl", url], ["setDocumentTitle", data.page], ["setReferrerUrl", ""]);
      queue.push(["setTrackerUrl", `${data.host}/matomo.php`], ["setSiteId", data.site], ["trackPageView"]);
      load(`${data.host}/matomo.js`);
    },
    plausible() {
      window.plausible = window.plausible || function plausible() { (window.plausible.q = window.plausible.q || []).push(arguments); };
      window.plausible("pageview", { u: url });
      load(`${data.host}/js/script.manual.js`, { domain: data.site });
    },
  };

  const count = () => {
    if (!loaded) services[data.service]();
    loaded = true;
  };

  const choice = () => { try { return localStorage.getItem(key); } catch { return null; } };
  // The cookies of these services, on this host and on those above it.
  const forget = () => {
    const labels = location.hostname.split(".");
    for (const cookie of document.cookie.split("; ")) {
      const name = cookie.split("=")[0];
      if (!/^(_ga|_gid|_gat|_pk_)/.test(name)) continue;
      document.cookie = `${name}=; max-age=0; path=/`;
      for (let i = 0; i < labels.length - 1; i++) document.cookie = `${name}=; max-age=0; path=/; domain=${labels.slice(i).join(".")}`;
    }
  };
  const choose = (answer) => {
    try { localStorage.setItem(key, answer); } catch { /* Not remembered, then: asked again. */ }
    bar.hidden = true;
    if (answer === "yes") count();
    else if (loaded) { forget(); location.reload(); }
  };

  if (!bar) { count(); return; }
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer]");
    if (button) choose(button.dataset.answer);
  });
  if (change) {
    change.hidden = false;
    change.addEventListener("click", () => { bar.hidden = false; bar.querySelector("button").focus(); });
  }
  if (choice() === "yes") count();
  else if (choice() === null) bar.hidden = false;
})();
