/** Gives a file to the person, in parts as they come. */
export async function download(name: string, type: string, parts: AsyncIterable<string>): Promise<void> {
  const blobs: Blob[] = [];
  // Parts become blobs, which browsers keep outside of the page's memory.
  for await (const part of parts) blobs.push(new Blob([part]));
  const address = URL.createObjectURL(new Blob(blobs, { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
