/** The number of the one project there is here: Google names its agents in a project by it. */
export const projectNumber = '000000000000'
