/** How long to wait before the server is asked again, in milliseconds. */
const PAUSE = 2000;

let waiting = false;

/**
 * Loads the page again because one of its files is gone, as those of an earlier version are after an update. While the server
 * does not answer the page stays: loading it would leave the browser's own error in its place.
 */
export async function reloadWhenServed(): Promise<void> {
  if (waiting) return;
  waiting = true;
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, PAUSE));
  location.reload();
}

const answers = (): Promise<boolean> =>
  fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
