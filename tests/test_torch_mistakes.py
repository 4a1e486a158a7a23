"""What beginners ask about on PyTorch's forum: each is refused as PyTorch refuses it, with more to help.

The messages are the beginnings of PyTorch's (2.13), stored.
"""

from __future__ import annotations

import re

import pytest

import gradcli as torch

MISTAKES = [
    ('x = torch.tensor([1, 2, 3], requires_grad=True)', RuntimeError, 'Only Tensors of floating point and complex dtype can require gradients'),
    ('x = torch.tensor([1.0, 2.0], requires_grad=True); (x * 2).backward()', RuntimeError, 'grad can be implicitly created only for scalar outputs'),
    ('x = torch.tensor([1.0, 2.0]); x.sum().backward()', RuntimeError, 'element 0 of tensors does not require grad and does not have a grad_fn'),
    ('x = torch.tensor(1.0, requires_grad=True); y = x * x; y.backward(); y.backward()', RuntimeError, 'Trying to backward through the graph a second time (or directly access'),
    ('x = torch.tensor([1.0], requires_grad=True); x += 1', RuntimeError, 'a leaf Variable that requires grad is being used in an in-place operat'),
    ('x = torch.tensor([1.0, 2.0], requires_grad=True); y = x.exp(); y += 1; y.sum().backward()', RuntimeError, 'one of the variables needed for gradient computation has been modified'),
    ('x = torch.tensor([1.0], requires_grad=True); x.numpy()', RuntimeError, "Can't call numpy() on Tensor that requires grad. Use tensor.detach().n"),
    ('x = torch.tensor([1.0, 2.0]); x.item()', RuntimeError, 'a Tensor with 2 elements cannot be converted to Scalar'),
    ('torch.nn.Linear(3, 2)(torch.ones(4, 5))', RuntimeError, 'mat1 and mat2 shapes cannot be multiplied (4x5 and 3x2)'),
    ('torch.ones(2, 3) @ torch.ones(2, 3)', RuntimeError, 'mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)'),
    ('torch.ones(2) + torch.ones(3)', RuntimeError, 'The size of tensor a (2) must match the size of tensor b (3) at non-si'),
    ('torch.ones(2, 3).view(4)', RuntimeError, "shape '[4]' is invalid for input of size 6"),
    ('torch.ones(2, 3).t().view(6)', RuntimeError, "view size is not compatible with input tensor's size and stride (at le"),
    ('torch.ones(3)[5]', IndexError, 'index 5 is out of bounds for dimension 0 with size 3'),
    ('torch.ones(2, 3)[0, 0, 0]', IndexError, 'too many indices for tensor of dimension 2'),
    ('torch.cat([torch.ones(2, 2), torch.ones(3, 3)])', RuntimeError, 'Sizes of tensors must match except in dimension 0. Expected size 2 but'),
    ('torch.stack([torch.ones(2), torch.ones(3)])', RuntimeError, 'stack expects each tensor to be equal size, but got [2] at entry 0 and'),
    ('if torch.ones(2) > 0: pass', RuntimeError, 'Boolean value of Tensor with more than one value is ambiguous'),
    ('torch.tensor([1, 2]).mean()', RuntimeError, 'mean(): could not infer output dtype. Input dtype must be either a flo'),
    ('torch.nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([0.0, 1.0]))', RuntimeError, 'expected target dtype to be Long or Byte, but got Double'),
    ('torch.nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([0, 3]))', IndexError, 'Target 3 is out of bounds'),
    ('torch.nn.CrossEntropyLoss()(torch.ones(2, 3), torch.tensor([0, 1, 2]))', ValueError, 'Expected input batch_size (2) to match target batch_size (3)'),
    ('torch.nn.BCELoss()(torch.tensor([1.5]), torch.tensor([1.0]))', RuntimeError, 'all elements of input should be between 0 and 1'),
    ('torch.nn.BCELoss()(torch.ones(2, 1), torch.ones(2))', ValueError, 'Using a target size (torch.Size([2])) that is different to the input s'),
    ('torch.nn.NLLLoss()(torch.ones(2, 3), torch.ones(2))', RuntimeError, 'expected target dtype to be Long or Byte, but got Double'),
    ('torch.nn.Embedding(3, 2)(torch.tensor([5]))', IndexError, 'index out of range in self'),
    ('torch.nn.Embedding(3, 2)(torch.tensor([1.0]))', RuntimeError, "Expected tensor for argument #1 'indices' to have one of the following"),
    ('torch.optim.SGD([], lr=0.1)', ValueError, 'optimizer got an empty parameter list'),
    ('torch.optim.SGD([torch.ones(2, requires_grad=True) * 2], lr=0.1)', ValueError, "can't optimize a non-leaf Tensor"),
    ('torch.optim.Adam(torch.ones(2), lr=0.1)', TypeError, 'params argument given to the optimizer should be an iterable of Tensor'),
    ('torch.optim.SGD([torch.ones(2, requires_grad=True)], lr=-1)', ValueError, 'Invalid learning rate: -1'),
    ('class Net(torch.nn.Module):\n    def __init__(self):\n        self.layer = torch.nn.Linear(1, 1)\nNet()', AttributeError, 'cannot assign module before Module.__init__() call'),
    ('torch.nn.Module()(1)', NotImplementedError, 'Module [Module] is missing the required "forward" function'),
    ("m = torch.nn.Linear(2, 1); m.load_state_dict({'weight': torch.ones(1, 3), 'bias': torch.ones(1)})", RuntimeError, 'Error(s) in loading state_dict for Linear:'),
    ("m = torch.nn.Linear(2, 1); m.load_state_dict({'weights': torch.ones(1, 2), 'bias': torch.ones(1)})", RuntimeError, 'Error(s) in loading state_dict for Linear:'),
    ('m = torch.nn.Linear(2, 1); m.weight = torch.ones(1, 2)', TypeError, "cannot assign 'torch.DoubleTensor' as parameter 'weight' (torch.nn.Par"),
    ('x = torch.ones(2, requires_grad=True); torch.autograd.grad(x.sum(), torch.ones(2, requires_grad=True))', RuntimeError, 'The differentiated Tensor at index 0 appears to not have been used in '),
    ('x = torch.ones(2, requires_grad=True); (x * 2).backward(torch.ones(3))', RuntimeError, 'Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and o'),
    ('x = torch.ones(2, requires_grad=True); x[0] = 5', RuntimeError, 'a view of a leaf Variable that requires grad is being used in an in-pl'),
    ('x = torch.ones(2, requires_grad=True); y = x * 2; y.requires_grad = False', RuntimeError, 'you can only change requires_grad flags of leaf variables. If you want'),
    ('x = torch.ones(2, requires_grad=True)\nwith torch.no_grad(): y = x.sum()\ny.backward()', RuntimeError, 'element 0 of tensors does not require grad and does not have a grad_fn'),
    ('x = torch.ones(2, requires_grad=True); x.detach().sum().backward()', RuntimeError, 'element 0 of tensors does not require grad and does not have a grad_fn'),
    ('torch.nn.BatchNorm1d(3)(torch.ones(1, 3))', ValueError, 'Expected more than 1 value per channel when training, got input size t'),
    ('torch.nn.LayerNorm(3)(torch.ones(2, 4))', RuntimeError, 'Given normalized_shape=[3], expected input with shape [*, 3], but got '),
    ('torch.nn.Dropout(1.5)', ValueError, 'dropout probability has to be between 0 and 1, but got 1.5'),
    ('torch.ones(2, 3).sum(dim=2)', IndexError, 'Dimension out of range (expected to be in range of [-2, 1], but got 2)'),
    ('torch.ones(2, 3).reshape(4, 2)', RuntimeError, "shape '[4, 2]' is invalid for input of size 6"),
    ('torch.arange(6).split([1, 2])', RuntimeError, 'split_with_sizes expects split_sizes to sum exactly to 6 (input tensor'),
    ('torch.gather(torch.ones(2, 2), 0, torch.tensor([[0.0]]))', RuntimeError, 'gather(): Expected dtype int32/int64 for index'),
    ('torch.ones(2, 3).expand(4, 3)', RuntimeError, 'The expanded size of the tensor (4) must match the existing size (2) a'),
    ('torch.ones(2).masked_fill(torch.ones(2), 0.0)', RuntimeError, 'masked_fill_ only supports boolean masks, but got mask with dtype '),
    ('torch.linalg.cholesky(-torch.eye(2))', RuntimeError, 'linalg.cholesky: The factorization could not be completed because the '),
    ('torch.utils.data.DataLoader([1, 2], batch_size=0)', ValueError, 'batch_size should be a positive integer value, but got batch_size=0'),
    ('torch.utils.data.random_split([1, 2, 3], [1, 1])', ValueError, 'Sum of input lengths does not equal the length of the input dataset!'),
    ('torch.utils.data.TensorDataset(torch.ones(2), torch.ones(3))', AssertionError, 'Size mismatch between tensors'),
    ("torch.einsum('ij,jk->ik', torch.ones(2, 3), torch.ones(2, 3))", RuntimeError, 'einsum(): subscript j has size 2 for operand 1 which does not broadcas'),
    ('len(torch.tensor(1.0))', TypeError, 'len() of a 0-d tensor'),
    ('for _ in torch.tensor(1.0): pass', TypeError, 'iteration over a 0-d tensor'),
    ('torch.ones(2).register_hook(lambda g: g)', RuntimeError, "cannot register a hook on a tensor that doesn't require gradient"),
]  # fmt: skip
HELP = [
    ("torch.tensor([[1, 2], [3]])", "the rows have the lengths 1, 2"),
    ("torch.linalg.inv(torch.zeros(2, 2))", "the input matrix is singular"),
    ("torch.tensor([1.0, 2.0]).item()", "use .tolist()"),
    ("x = torch.tensor([1.0, 2.0], requires_grad=True); (x * 2).backward()", "reduce it first with .sum() or .mean()"),
    ("x = torch.tensor([1.0], requires_grad=True); x += 1", "within `with torch.no_grad():`"),
    ("torch.nn.Conv2d(1, 1, 3)", "gradcli is a calculator of gradients, without convolutions"),
    ("torch.nn.LSTM(1, 1)", "gradcli is a calculator of gradients, without recurrent networks"),
    ("torch.nn.Transformer()", "gradcli is a calculator of gradients, without transformers"),
    ("torch.nn.functional.max_pool2d", "gradcli is a calculator of gradients, without pooling"),
    ("torch.sparse_coo_tensor", "gradcli is a calculator of gradients, without sparse tensors"),
    ("torch.nn.Linaer(1, 1)", "did you mean Linear?"),
    ("torch.save(torch.nn.Linear(1, 1), 'x')", "save .state_dict()"),
]
ERRORS = (RuntimeError, ValueError, TypeError, IndexError, AttributeError, NotImplementedError, AssertionError)


@pytest.mark.parametrize(("code", "kind", "beginning"), MISTAKES, ids=[code[:60] for code, *_ in MISTAKES])
def test_a_mistake_is_refused_in_the_words_of_pytorch(code, kind, beginning):
    with pytest.raises(kind, match=f"^{re.escape(beginning)}"):
        exec(code, {"torch": torch})


@pytest.mark.parametrize(("code", "cure"), HELP, ids=[code[:60] for code, _ in HELP])
def test_a_refusal_helps(code, cure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ERRORS, match=re.escape(cure)):
        exec(code, {"torch": torch})
