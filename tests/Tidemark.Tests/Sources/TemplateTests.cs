using Tidemark.Sources;

namespace Tidemark.Tests.Sources;

public class TemplateTests
{
    private static readonly TemplateValues Values = new()
    {
        Now = new DateTimeOffset(2026, 1, 10, 12, 30, 0, TimeSpan.Zero).AddTicks(1_200_000),
        LastSuccess = new DateTimeOffset(2026, 1, 9, 1, 0, 0, TimeSpan.FromHours(2)),
        Watermark = "2026-01-09T10:00:00.000+02:00",
        Parent = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = "a/b c", ["x.y"] = "7" },
    };

    [Theory]
    [InlineData("", "")]
    [InlineData("plain } text {", "plain } text {")]
    [InlineData("{{ now }}", "2026-01-10T12:30:00.12Z")]
    [InlineData("{{now}}", "2026-01-10T12:30:00.12Z")]
    [InlineData("{{ now - 7d }}", "2026-01-03T12:30:00.12Z")]
    [InlineData("{{ now+1h30m }}", "2026-01-10T14:00:00.12Z")]
    [InlineData("{{ now | format('yyyy-MM-dd') }}", "2026-01-10")]
    [InlineData("{{ now - 1d | format('yyyyMMdd HH:mm') }}", "20260109 12:30")]
    [InlineData("{{ last_success }}", "2026-01-08T23:00:00Z")]
    [InlineData("{{ last_success - PT1H }}", "2026-01-08T22:00:00Z")]
    [InlineData("{{ watermark }}", "2026-01-09T10:00:00.000+02:00")]
    [InlineData("{{ watermark - 1h }}", "2026-01-09T07:00:00Z")]
    [InlineData("{{ watermark | format('dd.MM.yyyy') }}", "09.01.2026")]
    [InlineData("/c/{{ parent.id }}/o?from={{ watermark }}", "/c/a/b c/o?from=2026-01-09T10:00:00.000+02:00")]
    [InlineData("{{ parent.x.y }}", "7")]
    public void Fill_puts_the_values_in(string text, string expected) => Template.Parse(text).Fill(Values).ShouldBe(expected);

    [Theory]
    [InlineData("1767952800", "{{ watermark }}", "1767952800")]
    [InlineData("1767952800", "{{ watermark - 1h }}", "1767949200")]
    [InlineData("1767952800.5", "{{ watermark - 1s }}", "1767952799.5")]
    [InlineData("1767952800000", "{{ watermark - 1h }}", "1767949200000")]
    [InlineData("1767952800000", "{{ watermark + 250ms }}", "1767952800250")]
    [InlineData("1767952800", "{{ watermark | format('yyyy-MM-dd HH:mm') }}", "2026-01-09 10:00")]
    [InlineData("1767952800000", "{{ watermark - 1d | format('yyyy-MM-dd') }}", "2026-01-08")]
    [InlineData("2026-01-09", "{{ watermark - 1d }}", "2026-01-08T00:00:00Z")]
    [InlineData("2026-01-09T10:00:00.123456789Z", "{{ watermark }}", "2026-01-09T10:00:00.123456789Z")]
    [InlineData("anything", "{{ watermark }}", "anything")]
    [InlineData("0001-01-01T00:00:00Z", "{{ watermark - 7d }}", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T00:00:00Z", "{{ watermark + 7d | format('yyyy') }}", "9999")]
    public void Watermark_is_shifted_as_what_it_is(string watermark, string text, string expected) =>
        Template.Parse(text).Fill(Values with { Watermark = watermark }).ShouldBe(expected);

    [Theory]
    [InlineData("anything", "{{ watermark - 1d }}")]
    [InlineData("anything", "{{ watermark | format('yyyy') }}")]
    [InlineData("1767952800000000000", "{{ watermark | format('yyyy') }}")]
    [InlineData("-99999999999999", "{{ watermark | format('yyyy') }}")]
    public void Watermark_that_is_no_time_can_not_be_shifted(string watermark, string text) =>
        Should.Throw<SourceException>(() => Template.Parse(text).Fill(Values with { Watermark = watermark })).Message
            .ShouldBe($"the watermark is '{watermark}', which is no time: it can't be shifted or formatted in a template");

    [Theory]
    [InlineData("x{{ watermark }}")]
    [InlineData("{{ now }}{{ last_success - 1d }}")]
    [InlineData("{{ parent.id }}")]
    public void Missing_value_makes_the_whole_text_missing(string text) =>
        Template.Parse(text).Fill(new TemplateValues { Now = Values.Now }).ShouldBeNull();

    [Theory]
    [InlineData("{{ slice }}", "2026-01-05", "300")]
    [InlineData("{{ slice.from | format('dd.MM.yyyy') }}", "05.01.2026", null)]
    [InlineData("{{ slice.from }}..{{ slice.to }}", "2026-01-05T00:00:00Z..2026-01-12T00:00:00Z", "300..400")]
    [InlineData("{{ slice.to - 1d | format('yyyy-MM-dd') }}", "2026-01-11", null)]
    public void Slice_stands_for_itself_and_its_bounds(string text, string ofTimes, string? ofNumbers)
    {
        var from = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        Template.Parse(text).Fill(Values with { Slice = new SliceValues("2026-01-05") { From = from, To = from.AddDays(7) } }).ShouldBe(ofTimes);
        var numbers = Values with { Slice = new SliceValues("300") { FirstNumber = 300, EndNumber = 400 } };
        if (ofNumbers is null) Should.Throw<SourceException>(() => Template.Parse(text).Fill(numbers)).Message.ShouldEndWith("is a number here: it can't be shifted by a duration or formatted in a template");
        else Template.Parse(text).Fill(numbers).ShouldBe(ofNumbers);
    }

    [Fact]
    public void Field_that_the_parent_lacks_is_missing() => Template.Parse("{{ parent.other }}").Fill(Values).ShouldBeNull();

    [Fact]
    public void Only_values_are_encoded() => Template.Parse("/a b/{{ parent.id }}").Fill(Values, Uri.EscapeDataString).ShouldBe("/a b/a%2Fb%20c");

    [Theory]
    [InlineData("{{ now", "found '{{ now': '}}' is missing after '{{'")]
    [InlineData("{{ }}", "found '' in '{{  }}'; known here: watermark, last_success, now, parent, slice, record, request")]
    [InlineData("{{ watermrk }}", "found 'watermrk' in '{{ watermrk }}'; did you mean 'watermark'?")]
    [InlineData("{{ now - soon }}", "found 'soon' in '{{ now - soon }}', expected a duration such as 7d or 30m")]
    [InlineData("{{ now | upper }}", "found '| upper', expected | format('yyyy-MM-dd')")]
    [InlineData("{{ now | format('') }}", "found '| format('')', expected | format('yyyy-MM-dd')")]
    [InlineData("{{ now | format('%') }}", "found '| format('%')', expected | format('yyyy-MM-dd')")]
    [InlineData("{{ now | format('Q') }}", "found '| format('Q')', expected | format('yyyy-MM-dd')")]
    [InlineData("{{ parent }}", "found 'parent', expected parent.FIELD")]
    [InlineData("{{ parent. }}", "found 'parent', expected parent.FIELD")]
    [InlineData("{{ now.year }}", "found 'now.year', expected now alone")]
    [InlineData("{{ parent.at - 7d }}", "found 'parent.at - 7d', expected parent.at alone: only times of the stream itself can be shifted or formatted")]
    [InlineData("{{ parent.at | format('yyyy') }}", "found 'parent.at | format('yyyy')', expected parent.at alone: only times of the stream itself can be shifted or formatted")]
    [InlineData("{{ slice.start }}", "found 'slice.start', expected slice, slice.from or slice.to")]
    [InlineData("{{ slice - 1d }}", "found 'slice - 1d', expected slice alone: only slice.from and slice.to can be shifted or formatted")]
    [InlineData("{{ record }}", "found 'record', expected record.FIELD")]
    [InlineData("{{ record.a[*] }}", "found 'record.a[*]', expected one field of the record, such as record.name or record.address.city")]
    public void Parse_of_what_is_no_template_says_why(string text, string message) => Should.Throw<FormatException>(() => Template.Parse(text)).Message.ShouldBe(message);

    [Theory]
    [InlineData("plain", true, false, false, "")]
    [InlineData("{{ now }}", false, false, false, "")]
    [InlineData("{{ last_success }}", false, true, false, "")]
    [InlineData("{{ watermark }}", false, true, true, "")]
    [InlineData("{{ parent.a }}-{{ parent.b }}", false, false, false, "a b")]
    public void Template_knows_what_it_needs(string text, bool constant, bool filter, bool watermark, string fields)
    {
        var template = Template.Parse(text);
        (template.IsConstant, template.IsFilter, template.NeedsWatermark, string.Join(' ', template.ParentFields)).ShouldBe((constant, filter, watermark, fields));
        template.ToString().ShouldBe(text);
    }
}
