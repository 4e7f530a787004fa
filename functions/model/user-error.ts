/** A function of the user's that threw, or gave what it must not. The message is for the reject's reason. */
export class UserError extends Error {}
