/** A user's function threw, or returned what it must not. The message becomes the reject's reason. */
export class UserError extends Error {}
