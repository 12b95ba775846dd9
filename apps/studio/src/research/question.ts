/** Longer than this is an essay. */
export const mostQuestionLength = 300
