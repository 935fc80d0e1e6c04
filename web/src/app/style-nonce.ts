/** The value that the gateway gave this one answer, which style elements must carry; '' where a page was opened without. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/**
 * Gives every style element that scripts of this page make the nonce of the answer. The component library does so
 * itself but in two places, where it measures and locks scroll bars (react-component/util, issue 613); without it
 * dialogs and tables violate the policy. Scripts come from the gateway's own files alone, so nothing is opened.
 */
export function nonceStyles(): void {
  const create = Object.getOwnPropertyDescriptor(Document.prototype, 'createElement')?.value as () => HTMLElement;
  Object.defineProperty(document, 'createElement', {
    value: (name: string, options?: ElementCreationOptions): HTMLElement => {
      const element = Reflect.apply(create, document, [name, options]) as HTMLElement;
      if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
      return element;
    },
  });
}
