// @ts-check

/**
 * The ending of the attributes and texts for the segment of a score. `Segment::of` in response/src/lib.rs says the same.
 *
 * @param {number} score
 */
export const segmentOf = (score) => score < 7 ? '-detractor' : score < 9 ? '-passive' : '-promoter';
