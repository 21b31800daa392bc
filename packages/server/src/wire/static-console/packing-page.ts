export interface WaitingFile {
  readonly type: string;
  readonly body: string;
}

/**
 * What a browser is given while the console is being packed, by the path after `/console/`: a page that asks again until
 * the console is there.
 */
export const packingPage: ReadonlyMap<string, WaitingFile> = new Map([
  [
    '',
    {
      type: 'text/html; charset=utf-8',
      body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Assay</title>
    <noscript><meta http-equiv="refresh" content="2"></noscript>
    <link rel="stylesheet" href="packing.css">
    <script src="packing.js" defer></script>
  </head>
  <body>
    <main>
      <h1>Packing the console</h1>
      <p role="status">This happens once, after an update, and takes a few seconds. The page opens by itself.</p>
    </main>
  </body>
</html>
`,
    },
  ],
  [
    'packing.css',
    {
      type: 'text/css; charset=utf-8',
      body: 'body{font:1rem/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center}main{padding:1.5rem;max-width:30rem}h1{font-size:1.4rem}\n',
    },
  ],
  ['packing.js', { type: 'text/javascript; charset=utf-8', body: 'setTimeout(() => location.reload(), 700);\n' }],
]);
