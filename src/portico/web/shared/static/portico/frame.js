// The portal in a frame of another site: its height, its end, and where the browser keeps no cookie for it, its pages.
// The page around it is listened to only where it is of an origin that the business has registered.
(() => {
  "use strict";
  if (parent === window) return;
  const own = document.currentScript.dataset; // what this page says of the frame: see portico.web.shared.frames
  const origins = own.origins.split(" ");
  const MARGIN = 60_000;
  let { state, again } = own;
  let host = "", token = "", timer = 0, watching = 0, link = "", busy = false;

  const asks = () => ["refused", "ended", "no_cookie"].includes(state);

  const tell = (what, more) => host && parent.postMessage({ portico: what, ...more }, host);
  const height = () => Math.ceil(document.documentElement.getBoundingClientRect().height);
  const headers = () => ({ "X-Frame-Session": token || (state === "no_cookie" ? "memory" : "cookie") });
  window.porticoFrame = headers;

  const ask = (anew) => tell("link", { anew });
  const endAt = (ends) => {
    clearTimeout(timer);
    if (ends) timer = setTimeout(() => ask(true), Math.max(0, ends * 1000 - Date.now() - MARGIN));
  };

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || !origins.includes(origin)) return;
    if (data?.portico === "hello") {
      host = origin;
      tell("page", { height: height(), path: location.pathname });
      if (state === "open") endAt(own.ends);
      else if (state === "signed_out") tell("signed-out");
      else if (asks()) ask(state !== "no_cookie");
    } else if (data?.portico === "link" && host) renew(data.url);
  });

  // A link that the page around has just got goes on with the session; a page that is shown stays as it is.
  const renew = async (url) => {
    if (new URL(url).origin !== location.origin) return;
    link = url;
    const answer = await fetch(url, { headers: headers(), cache: "no-store" }).catch(() => null);
    if (answer?.status !== 204) return appear();
    token = answer.headers.get("X-Frame-Session") ?? token;
    endAt(answer.headers.get("X-Frame-Ends"));
    if (state === "open") return;
    state = "open";
    const next = again || answer.headers.get("X-Frame-Location");
    if (token) show(next, {}, false);
    else location.replace(next);
  };

  // What is waited for has not come: the notice that waited is shown.
  const appear = () => document.documentElement.removeAttribute("data-frame-waits");

  new ResizeObserver(() => tell("height", { height: height() })).observe(document.documentElement);
  document.addEventListener("htmx:configRequest", (event) => Object.assign(event.detail.headers, headers()));
  // A page that is loaded anew would not know the token.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const next = xhr.getResponseHeader("HX-Redirect") ?? (xhr.getResponseHeader("HX-Refresh") && location.href);
    if (!token || !next) return;
    event.preventDefault();
    show(next, {}, false);
  });

  // From here on only without a cookie: each page is fetched with the token, and put in the place of the one before.
  const show = async (url, options = {}, adds = true) => {
    if (busy) return;
    busy = true;
    try {
      let answer = await fetch(url, { ...options, headers: headers() });
      token = answer.headers.get("X-Frame-Session") ?? token;
      const next = answer.headers.get("X-Frame-Location");
      if (next) answer = await fetch(next, { headers: headers() });
      if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return await save(answer);
      // The styles of the head are there already; another page's nonce is none here.
      const html = (await answer.text()).replace(/<style[^]*?<\/style>/g, "");
      put(new DOMParser().parseFromString(html, "text/html"), answer.url);
      history[adds ? "pushState" : "replaceState"](null, "", answer.url);
      document.dispatchEvent(new Event("portico:page"));
      tell("page", { height: height(), path: location.pathname });
    } finally {
      busy = false;
    }
  };

  const put = (page, url) => {
    const { documentElement: root } = document;
    clearInterval(watching);
    document.title = page.title;
    for (const name of ["lang", "dir"]) root.setAttribute(name, page.documentElement.getAttribute(name));
    root.toggleAttribute("data-frame-waits", page.documentElement.hasAttribute("data-frame-waits"));
    document.body.replaceWith(document.adoptNode(page.body));
    ({ state, again } = page.querySelector("script[data-state]")?.dataset ?? { state, again });
    // A payment provider's script can't run here: its form is in a tab of its own, at the same page.
    if (link && [...page.scripts].some(({ src }) => src && new URL(src).origin !== location.origin)) {
      const href = new URL(link), place = document.querySelector("[data-stripe]") ?? document.querySelector("main");
      href.searchParams.set("next", new URL(url).pathname + new URL(url).search);
      const away = Object.assign(document.createElement("a"), { href, target: "_blank", rel: "noopener", className: "po-btn", textContent: own.newTab });
      away.addEventListener("click", watch.bind(null, location.href));
      place.prepend(away);
    }
    if (state === "signed_out") tell("signed-out");
    else if (asks()) ask(true);
    window.htmx?.process(document.body);
    scrollTo(0, 0);
  };

  // What is done in the tab is seen here by itself, at the page that led to the form. The home page has a new tag then.
  const watch = async (from) => {
    clearInterval(watching);
    const tag = async (known) => (await fetch(own.home, { method: "HEAD", cache: "no-store", headers: { ...headers(), ...known } })).headers.get("ETag");
    const before = await tag();
    watching = setInterval(async () => {
      const now = await tag({ "If-None-Match": before }).catch(() => before);
      if (now !== before) show(from, {}, false);
    }, 5_000);
  };

  const save = async (answer) => {
    const named = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(answer.headers.get("Content-Disposition") ?? "");
    const file = URL.createObjectURL(await answer.blob());
    Object.assign(document.createElement("a"), { href: file, download: decodeURIComponent(named?.[1] ?? "") }).click();
    setTimeout(() => URL.revokeObjectURL(file), MARGIN);
  };

  document.addEventListener("click", (event) => {
    const to = event.target.closest("a[href]");
    if (!token || !to || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (to.origin !== location.origin || to.target === "_blank") return;
    if (to.hash && to.pathname === location.pathname && to.search === location.search) return;
    event.preventDefault();
    show(to.href);
  });

  document.addEventListener("submit", (event) => {
    if (!token || event.defaultPrevented) return;
    event.preventDefault();
    const { target: form, submitter } = event;
    const said = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
    const to = new URL(said("action") || location.href, location.href);
    const fields = new FormData(form, submitter);
    const plain = new URLSearchParams([...fields].filter(([, value]) => typeof value === "string"));
    if (said("method")?.toLowerCase() === "post") {
      show(to, { method: "POST", body: said("enctype") === "multipart/form-data" ? fields : plain });
    } else {
      to.search = plain;
      show(to);
    }
  });
  addEventListener("popstate", () => token && show(location.href, {}, false));
})();
