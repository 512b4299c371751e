// Stripe's own form on the pay page. What is typed goes to Stripe, which gives a token for it; the form then sends that.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;

  for (const place of document.querySelectorAll("[data-stripe]")) {
    const data = place.dataset;
    const token = document.getElementById(data.token);
    const form = token.form;
    const error = form.querySelector(`[data-stripe-error="${data.stripe}"]`);
    const button = form.querySelector("#pay_button");
    const say = (text) => { error.textContent = text; error.hidden = !text; };
    const chosen = () => form.elements.method.value === data.stripe;
    // Other ways to pay don't load the form; an amount of nothing is not one to Stripe.
    const amount = () => Math.max(1, Math.round(Number(form.elements.total?.value ?? data.amount) * Number(data.factor)));
    // A method that is saved without paying has no total.
    const setup = !form.elements.total && data.amount === "0";
    const saves = () => (form.elements.save_method?.checked ? "off_session" : null);
    let stripe, elements;

    const show = () => {
      if (elements || !chosen()) return;
      if (!window.Stripe) { say(error.dataset.away); return; }
      stripe = window.Stripe(data.key, { locale: data.locale });
      elements = stripe.elements({
        ...(setup ? { mode: "setup" } : { mode: "payment", amount: amount() }),
        currency: data.currency,
        locale: data.locale,
        allowedPaymentMethodTypes: [data.type],
        ...(data.type === "us_bank_account" && {
          paymentMethodOptions: { us_bank_account: { verification_method: "instant" } },
        }),
        appearance: { theme: dark ? "night" : "stripe" },
      });
      elements.create("payment").mount(place);
    };

    const take = async () => {
      if (!setup) elements.update({ amount: amount(), setupFutureUsage: saves() });
      const checked = await elements.submit();
      if (checked.error) return checked;
      return stripe.createConfirmationToken({ elements });
    };

    form.addEventListener("submit", async (event) => {
      if (!chosen() || token.value || event.submitter?.name === "update" || form.elements.total?.value === "0") return;
      event.preventDefault();
      if (!elements || button.disabled) { show(); return; }
      say("");
      button.disabled = true;
      const taken = await take().catch(() => ({ error: { message: error.dataset.away } }));
      button.disabled = false;
      if (taken.error) {
        say(taken.error.message);
        return;
      }
      token.value = taken.confirmationToken.id;
      form.requestSubmit(button);
    });

    form.addEventListener("change", show);
    // A page that comes back from the browser's memory starts anew: its token was used.
    addEventListener("pageshow", (event) => { if (event.persisted) token.value = ""; });
    show();
  }
})();
