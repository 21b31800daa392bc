export type Child = Node | string | number | undefined | null | false | readonly Child[];
type Attribute = string | number | boolean | undefined | ((event: Event) => void);

/**
 * An element. A function as `onclick` and the like becomes a listener, true an empty attribute; false and undefined none.
 * Text always becomes text nodes, so that nothing the API says is ever read as markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** Puts new children in place of the old; a link or button that had the focus gives it to its successor of the same name. */
export function replace(element: Element, ...children: Child[]): void {
  const { activeElement } = document;
  const focused = activeElement && element.contains(activeElement) ? focusName(activeElement) : undefined;
  element.replaceChildren();
  append(element, children);
  if (focused === undefined) return;
  for (const candidate of element.querySelectorAll<HTMLElement>('a, button, summary')) {
    if (focusName(candidate) === focused) {
      candidate.focus({ preventScroll: true });
      return;
    }
  }
}

const focusName = (element: Element): string =>
  `${element.tagName} ${element.getAttribute('href') ?? element.textContent}`;

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (isList(child)) append(element, child);
    else element.append(typeof child === 'number' ? String(child) : child);
  }
}

const isList = (child: Child): child is readonly Child[] => Array.isArray(child);
