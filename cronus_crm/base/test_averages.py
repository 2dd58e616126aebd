import random
import statistics
from collections import Counter

from cronus_crm.base.averages import mean, median


def test_median_and_mean_are_those_of_the_values_one_by_one():
	assert (median(Counter()), mean(Counter())) == (None, None)
	chance = random.Random(1)
	for number in range(1, 40):
		values = [chance.randint(0, 9) for _value in range(number)]
		assert median(Counter(values)) == statistics.median(values)
		assert abs(mean(Counter(values)) - statistics.mean(values)) <= 0.005
