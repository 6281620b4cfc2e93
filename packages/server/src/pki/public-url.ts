/** A certificate of 800 octets has room for three locations of this size beside names and keys. */
const LONGEST = 72;

/**
 * The public URL as certificates carry it: without a slash at the end.
 * @throws RangeError with one clear line when it cannot
 */
export function checkedPublicUrl(publicUrl: string): string {
  const url = URL.parse(publicUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new RangeError('the public URL must be an http or https URL without query');
  }
  if (url.username !== '' || url.password !== '') {
    throw new RangeError('the public URL stands in every certificate: it must not have a user or a password');
  }
  const text = url.href.replace(/\/+$/, '');
  if (text.length > LONGEST) {
    throw new RangeError(`the public URL stands in every certificate: it may have at most ${LONGEST} characters`);
  }
  return text;
}
