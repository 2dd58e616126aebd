import pytest

from cronus_crm.base import texts


@pytest.mark.parametrize(
	("stored", "text", "shown"),
	(
		("A & B", "A & B", "A &amp; B"),
		("A &amp; B &lt;a@b.ec&gt;", "A & B <a@b.ec>", "A &amp; B &lt;a@b.ec&gt;"),
		("5 < 3", "5 < 3", "5 &lt; 3"),
		("&lt;script&gt;", "<script>", "&lt;script&gt;"),
		('"x"', '"x"', "&#34;x&#34;"),
		(None, "", ""),
		("", "", ""),
	),
)
def test_a_text_is_escaped_once(stored, text, shown):
	assert (texts.read_text(stored), texts.as_html(stored)) == (text, shown)


def test_a_number_is_shown():
	assert texts.as_html(0) == "0"


def test_of_html_the_text_stays():
	assert texts.strip_tags("<p>A &amp; B<br>&lt;x&gt;</p>") == "A & B<x>"


@pytest.mark.parametrize(
	("written", "kept"),
	(
		("Ana <ana@example.com>", "Ana &lt;ana@example.com&gt;"),
		("3 <sillas> y <b>una</b> mesa", "3 &lt;sillas&gt; y <b>una</b> mesa"),
		("precio <minimo", "precio &lt;minimo"),
		("5 < 3 & 2 > 1", "5 < 3 & 2 > 1"),
		("<IMG src=x>", "<IMG src=x>"),
	),
)
def test_what_is_no_element_is_kept(written, kept):
	assert texts.keep_angle_brackets(written) == kept
