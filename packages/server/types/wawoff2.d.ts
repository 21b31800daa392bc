// What `wawoff2/decompress.js` calls, without the promise around it.
declare module 'wawoff2/build/decompress_binding.js' {
  const module: {
    onRuntimeInitialized: () => void;
    /** False for what is no WOFF2 font. */
    readonly decompress: (font: Uint8Array) => Uint8Array | false;
  };
  export default module;
}
