/** Outages as code: scenarios, runners, verdicts, reports. */
export {}
