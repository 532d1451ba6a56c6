package io.fulgur.benchmarks.driver;

/**
 * How a comparison runs.
 *
 * @param rounds how often each contestant has its turn
 * @param warmUpMillis how long each contestant trains before it is measured
 * @param burstMillis how long a turn lasts, about
 * @param pauseMillis the silence before a turn, in which the threads of the turn before fall asleep
 */
record Settings(int rounds, long warmUpMillis, long burstMillis, long pauseMillis) {}
