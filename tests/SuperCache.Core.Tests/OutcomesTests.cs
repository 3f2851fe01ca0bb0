using SuperCache.Replication.Forwarder;
using SuperCache.Replication.Operations;
using Xunit;

namespace SuperCache.Core.Tests;

/// <summary>What the errors of one partition say, alone and as part of a call about several.</summary>
public class OutcomesTests
{
    private const string Unchanged = "Nothing was changed.";
    private const string InPart = "Other records of the call, here or in other partitions, may have been changed.";

    public static TheoryData<string> Answers => ["busy", "too large", "unavailable", "comparison", "refusal", "value"];

    [Theory]
    [MemberData(nameof(Answers))]
    public void InPart_SaysTheStateAnew_AndNothingElse(string answer)
    {
        Exception error = Record.Exception(() => Throw(answer))!;

        Exception inPart = Outcomes.InPart(error);

        Assert.Contains(Unchanged, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message.Replace(Unchanged, InPart, StringComparison.Ordinal), inPart.Message);
        Assert.Equal(error.GetType(), inPart.GetType());
        Assert.Same(error, inPart.InnerException);
    }

    [Fact]
    public void InPart_AddsTheState_WhereTheErrorSaysNothingOfIt()
    {
        Exception error = Record.Exception(() => OperationResult.ThrowIfRefused(OperationResult.Refusal("Unknown.")))!;

        Assert.Equal("Unknown.", error.Message);
        Assert.Equal($"Unknown. {InPart}", Outcomes.InPart(error).Message);
    }

    [Fact]
    public void InPart_LeavesAnErrorThatKnowsItsState()
    {
        Exception error = Record.Exception(() =>
            Outcomes.ResultOf(new RequestOutcome(RequestStatus.Indeterminate, default, []), 1, isWrite: true))!;

        Assert.IsType<QuorumNotReachedException>(error);
        Assert.Same(error, Outcomes.InPart(error));
    }

    [Fact]
    public void Rest_StandsBehindTheState()
    {
        Exception error = Record.Exception(() => Throw("comparison"))!;

        Assert.Equal(
            "A key or a value threw when the partition's primary compared it. Nothing was changed. "
            + "System.InvalidOperationException: Trouble.",
            error.Message);
    }

    private static void Throw(string answer)
    {
        UnsupportedValueException value = UnsupportedValue.At("The value", UnsupportedValue.TooDeep(3));
        switch (answer)
        {
            case "busy":
                Outcomes.ResultOf(new RequestOutcome(RequestStatus.Busy, default, []), 1, isWrite: true);
                break;
            case "too large":
                Outcomes.ResultOf(new RequestOutcome(RequestStatus.TooLarge, default, []), 1, isWrite: true);
                break;
            case "unavailable":
                Outcomes.ResultOf(new RequestOutcome(RequestStatus.Unavailable, default, []), 1, isWrite: true);
                break;
            case "comparison":
                OperationResult.ThrowIfRefused(
                    OperationResult.Failure(new InvalidOperationException("Trouble.")));
                break;
            case "refusal":
                OperationResult.ThrowIfRefused(OperationResult.Refusal(value.Text));
                break;
            default:
                throw value;
        }
    }
}
