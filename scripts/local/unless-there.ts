/** Makes something that may be there already. */
export async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    // 6 is gRPC's ALREADY_EXISTS, 409 HTTP's.
    if (!(error instanceof Error && 'code' in error && (error.code === 6 || error.code === 409))) throw error
  }
}
