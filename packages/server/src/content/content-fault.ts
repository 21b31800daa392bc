/** What is wrong with content that somebody gave, or with what is kept: the end of a sentence about it. */
export class ContentFault extends Error {}
