import type { DatabaseSync } from 'node:sqlite'

const deliveryWithMessage = `
  SELECT delivery.id, subscription, message, attempts, disturbed, attributes, ordering_key, published_at, data
  FROM delivery JOIN message ON message.id = delivery.message`

/** A ticket holds its delivery while nobody else was handed it since. */
const ticket = 'delivery.id = ? AND attempts = ? AND subscription = ? AND holder IS NOT NULL'

/** The statements of `Deliveries`, prepared once. */
export function prepareStatements(database: DatabaseSync) {
  const sql = (text: string) => database.prepare(text)
  return {
    insertMessage: sql(
      'INSERT INTO message (attributes, ordering_key, published_at, data) VALUES (?, ?, ?, ?)',
    ),
    insertDelivery: sql(
      'INSERT INTO delivery (subscription, message, due_at, expires_at) VALUES (?, ?, ?, ?)',
    ),
    due: sql(`${deliveryWithMessage}
      WHERE subscription = ? AND holder IS NULL AND due_at <= ? ORDER BY due_at, delivery.id LIMIT ?`),
    hold: sql('UPDATE delivery SET holder = ?, due_at = ?, attempts = attempts + 1 WHERE id = ?'),
    held: sql(`${deliveryWithMessage} WHERE ${ticket}`),
    remove: sql(`DELETE FROM delivery WHERE ${ticket} RETURNING message`),
    extend: sql(`UPDATE delivery SET due_at = ? WHERE ${ticket}`),
    giveBack: sql('UPDATE delivery SET holder = NULL, due_at = ? WHERE id = ?'),
    holdBack: sql(
      'UPDATE delivery SET holder = NULL, due_at = ?, attempts = attempts - 1, disturbed = 1 WHERE id = ?',
    ),
    duplicate: sql(`
      INSERT INTO delivery (subscription, message, due_at, expires_at, disturbed)
      SELECT subscription, message, ?, expires_at, 1 FROM delivery WHERE id = ?`),
    markDisturbed: sql('UPDATE delivery SET disturbed = 1 WHERE id = ?'),
    overdue: sql(
      'SELECT id, attempts, subscription, holder FROM delivery WHERE holder IS NOT NULL AND due_at <= ?',
    ),
    heldBy: sql('SELECT count(*) AS held FROM delivery WHERE subscription = ? AND holder = ?'),
    releaseHeldBy: sql('UPDATE delivery SET holder = NULL, due_at = ? WHERE holder = ?'),
    dropExpired: sql('DELETE FROM delivery WHERE expires_at <= ? RETURNING message'),
    dropSubscription: sql('DELETE FROM delivery WHERE subscription = ? RETURNING message'),
    dropUnused: sql(`
      DELETE FROM message WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE message = ?1)`),
    changeRetention: sql(`
      UPDATE delivery SET expires_at = ? + (SELECT published_at FROM message WHERE message.id = delivery.message)
      WHERE subscription = ?`),
    nextEnd: sql(`
      SELECT (SELECT min(due_at) FROM delivery WHERE holder IS NOT NULL) AS held,
             (SELECT min(expires_at) FROM delivery) AS expiry`),
    nextDue: sql('SELECT min(due_at) AS due FROM delivery WHERE subscription = ? AND holder IS NULL'),
    backlog: sql(`
      SELECT count(*) FILTER (WHERE holder IS NULL) AS waiting,
             count(*) FILTER (WHERE holder IS NOT NULL) AS held,
             min(published_at) AS oldest
      FROM delivery JOIN message ON message.id = delivery.message WHERE subscription = ?`),
  }
}
