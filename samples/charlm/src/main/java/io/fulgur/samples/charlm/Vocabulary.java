package io.fulgur.samples.charlm;

import java.util.Arrays;

/** The characters of a text in their order, each with a number. */
public final class Vocabulary {
  private final char[] characters;

  /**
   * @param characters each once, in ascending order, as {@link #characters()} returns them
   */
  public Vocabulary(String characters) {
    this.characters = characters.toCharArray();
  }

  static Vocabulary of(String text) {
    StringBuilder distinct = new StringBuilder();
    text.chars().distinct().sorted().forEach(character -> distinct.append((char) character));
    return new Vocabulary(distinct.toString());
  }

  /** Returns all characters, so that a checkpoint can hold them. */
  public String characters() {
    return new String(characters);
  }

  /** Returns how many characters there are. */
  public int size() {
    return characters.length;
  }

  /**
   * Returns the numbers of a text's characters.
   *
   * @throws IllegalArgumentException if a character is not among them
   */
  public long[] encode(String text) {
    return text.chars().mapToLong(character -> number((char) character)).toArray();
  }

  private int number(char character) {
    int number = Arrays.binarySearch(characters, character);
    if (number < 0) {
      throw new IllegalArgumentException(
          "The model has never seen the character '%c' (U+%04X). It knows: %s"
              .formatted(character, (int) character, characters().replace("\n", "\\n")));
    }
    return number;
  }

  /** Returns the character of a number. */
  public char decode(int number) {
    return characters[number];
  }
}
