package io.fulgur.benchmarks.driver;

import java.util.List;

/**
 * How a comparison runs.
 *
 * @param rounds how often each contestant has its turn
 * @param warmUpMillis how long each contestant trains before it is measured
 * @param burstMillis how long a turn lasts, about
 * @param pauseMillis the silence before a turn, in which the threads of the turn before fall asleep
 * @param baselines the contestants of which the fastest, in each round, divides all others
 */
record Settings(
    int rounds, long warmUpMillis, long burstMillis, long pauseMillis, List<String> baselines) {}
