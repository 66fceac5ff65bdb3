/** Understudy's seat in this framework. */
export {}
