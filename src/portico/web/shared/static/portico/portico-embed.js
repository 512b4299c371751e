// <portico-portal src refresh>: docs/embedding.md
customElements.define("portico-portal", class extends HTMLElement {
  static observedAttributes = ["src", "refresh", "page", "lang", "theme", "nav"];
  frame = document.createElement("iframe");

  connectedCallback() {
    this.frame.title = this.title || "Billing";
    this.frame.style.cssText = "display:block;width:100%;height:600px;border:0";
    this.frame.onload = () => this.frame.contentWindow.postMessage({ portico: "hello" }, this.origin);
    this.append(this.frame);
    addEventListener("message", this);
  }

  attributeChangedCallback(name) {
    if (name === "src") this.url = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const url = await this.link();
      if (!url) return;
      this.origin = url.origin;
      this.frame.style.colorScheme = this.getAttribute("theme");
      this.frame.src = url;
    });
  }

  // The URL in hand, or a new one.
  async link(anew) {
    const refresh = this.getAttribute("refresh");
    let url = anew ? "" : this.url || this.getAttribute("src");
    if (!url && refresh) ({ portal_url: url } = await fetch(refresh, { cache: "no-store" }).then((r) => r.json()).catch(() => ({})));
    if (!url) return this.tell("expired");
    url = new URL(this.url = url);
    for (const { name, value } of this.attributes) {
      if (/^(page|lang|theme|nav)$/.test(name)) url.searchParams.set(name, value);
    }
    return url;
  }

  tell(what) {
    this.dispatchEvent(new Event(`portico-${what}`));
  }

  async handleEvent({ source, origin, data }) {
    if (source !== this.frame.contentWindow || origin !== this.origin) return;
    const { portico, height, anew } = data;
    if (height) this.frame.style.height = height + "px";
    if (portico === "page" && this.getBoundingClientRect().top < 0) this.scrollIntoView();
    if (portico !== "link") return this.tell(portico);
    const url = await this.link(anew);
    if (url) source.postMessage({ portico, url: url.href }, origin);
  }
});
