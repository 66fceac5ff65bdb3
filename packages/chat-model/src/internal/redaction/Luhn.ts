/**
 * Luhn's check of card numbers: every second digit from the right is doubled, and the sum of all digits ends in 0.
 */

/** True for a number that passes; what is no digit is passed over. */
export const accepts = (text: string): boolean => {
  const digits = text.replace(/\D/g, "")
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 0 ? 1 : 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}
