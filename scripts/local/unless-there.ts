/** Makes something that may be there already. True when it was made now. */
export async function unlessThere(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    // 6 is gRPC's ALREADY_EXISTS, 409 HTTP's.
    if (error instanceof Error && 'code' in error && (error.code === 6 || error.code === 409)) return false
    throw error
  }
}
