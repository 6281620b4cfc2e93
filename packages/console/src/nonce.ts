/** The nonce that the server put into this very page: style elements without it are not applied. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

// What the scroll lock behind dialogs and drawers asks for (get-nonce).
Object.assign(globalThis, { __webpack_nonce__: nonce });
