
// What localstripe's script above lacks of Stripe.js: elements that are updated and submitted, and confirmation tokens.
(() => {
  const localstripe = Stripe;
  const base = LOCALSTRIPE_BASE_API;

  // localstripe draws the inputs of a card alone.
  class Debit {
    mount(place) {
      this.input = document.createElement("input");
      this.input.placeholder = "iban";
      place.append(this.input);
    }
  }

  const method = (elements) => {
    if (elements.options.allowedPaymentMethodTypes[0] === "sepa_debit") {
      return { type: "sepa_debit", sepa_debit: { iban: elements.form.input.value } };
    }
    return { type: "card", card: elements.getElement("payment").value.card };
  };

  Stripe = (key) => {
    const stripe = localstripe(key);
    return {
      ...stripe,
      elements: (options) => {
        const elements = stripe.elements();
        const create = elements.create.bind(elements);
        return Object.assign(elements, {
          options,
          create: (type) => {
            elements.form = options.allowedPaymentMethodTypes[0] === "sepa_debit" ? new Debit() : create(type);
            return elements.form;
          },
          update: (more) => { Object.assign(options, more); },
          submit: async () => {
            const typed = elements.form.value?.card?.number ?? elements.form.input?.value ?? "";
            return typed ? {} : { error: { message: "Your number is incomplete." } };
          },
        });
      },
      createConfirmationToken: async ({ elements }) => {
        const answer = await fetch(`${base}/_config/confirmation_tokens`, {
          method: "POST",
          body: JSON.stringify(method(elements)),
        });
        const made = await answer.json();
        return answer.ok ? { confirmationToken: made } : { error: made.error };
      },
    };
  };
})();
