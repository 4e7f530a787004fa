/** What some programs put in front of UTF-8, and is no part of the text. */
export const byteOrderMark = Buffer.from('\ufeff')
