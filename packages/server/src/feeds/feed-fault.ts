/** A feed, or one record of it, that cannot be believed as it is. The message says what is wrong and where. */
export class FeedFault extends Error {}
