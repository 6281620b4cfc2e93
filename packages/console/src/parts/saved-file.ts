/** Hands octets to the browser as a file of that name. */
export function saveFile(name: string, octets: Uint8Array | string, type: string): void {
  const url = URL.createObjectURL(new Blob([typeof octets === 'string' ? octets : Uint8Array.from(octets)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]/g, '_');
  link.click();
  URL.revokeObjectURL(url);
}
